// Takes a branch's channels out of the whole.  dy [M TOTAL] columns FIRST .. FIRST + C -> dx [M C]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i < LENGTH) {
    dx[i] = dy[(i / C) * TOTAL + FIRST + i % C];
  }
}
