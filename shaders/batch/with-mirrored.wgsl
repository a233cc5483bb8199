// Photos, then the same with left and right exchanged.  x [N H W C] -> y [2N H W C], LENGTH elements of x
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= LENGTH) {
    return;
  }
  let column = (i / C) % W;
  y[i] = x[i];
  y[LENGTH + i + (W - 1u - column) * C - column * C] = x[i];
}
