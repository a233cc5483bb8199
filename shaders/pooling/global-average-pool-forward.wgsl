// The mean over all pixels.  x [N AREA C] -> y [N C]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= N * C) {
    return;
  }
  let first = (i / C) * AREA * C + i % C;
  var sum = 0.0;
  for (var pixel = 0u; pixel < AREA; pixel++) {
    sum += x[first + pixel * C];
  }
  y[i] = sum / f32(AREA);
}
