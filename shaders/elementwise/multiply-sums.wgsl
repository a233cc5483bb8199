// The sums of a b over the pixels of each channel.  a, b [N AREA C] -> sums [N C]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= N * C) {
    return;
  }
  let first = (i / C) * AREA * C + i % C;
  var sum = 0.0;
  for (var pixel = 0u; pixel < AREA; pixel++) {
    sum += a[first + pixel * C] * b[first + pixel * C];
  }
  sums[i] = sum;
}
