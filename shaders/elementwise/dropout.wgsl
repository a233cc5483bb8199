// Zeroes each value with probability RATE and scales the rest; the same call on the gradient is the backward, because the
// numbers depend on the step and the place alone.  x [...] -> y [...]
#include "lib/index.wgsl"
#include "lib/step.wgsl"
#include "lib/philox.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let block = flat_index(id, groups);
  if (block * 4u >= LENGTH) {
    return;
  }
  let bits = philox(vec4u(block, LAYER, step.step, 0u), vec2u(step.seed, STREAM));
  for (var j = 0u; j < 4u; j++) {
    let i = block * 4u + j;
    if (i < LENGTH) {
      y[i] = select(0.0, x[i] * SCALE, unit(bits[j]) >= RATE);
    }
  }
}
