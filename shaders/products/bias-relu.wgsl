// y = y + b along the last dimension, then max(y, 0) when RELU is 1.  b [K], y [M K] in place
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> b: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i < LENGTH) {
    let value = y[i] + b[i % K];
    y[i] = select(value, max(value, 0.0), RELU == 1u);
  }
}
