// y = a b, b with one value a channel of each photo.  a [N AREA C], b [N C] -> y [N AREA C]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i < N * AREA * C) {
    y[i] = a[i] * b[(i / (AREA * C)) * C + i % C];
  }
}
