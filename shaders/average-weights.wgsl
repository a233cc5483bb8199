// A running average of the parameters: the values themselves at first, then average += (1 - decay) (value - average).
// values, average flat
#include "lib/index.wgsl"
#include "lib/step.wgsl"
@group(0) @binding(0) var<storage, read> values: array<f32>;
@group(0) @binding(1) var<storage, read_write> average: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flat_index(id);
  if (i < LENGTH) {
    average[i] = select(average[i] + REST * (values[i] - average[i]), values[i], step.step == 0u);
  }
}
