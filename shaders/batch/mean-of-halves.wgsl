// The mean of the first and the second half of a batch.  x [2N ...] -> y [N ...], LENGTH elements of y
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i < LENGTH) {
    y[i] = (x[i] + x[LENGTH + i]) / 2.0;
  }
}
