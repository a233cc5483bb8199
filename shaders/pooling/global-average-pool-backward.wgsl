// Every pixel takes an equal share.  dy [N C] -> dx [N AREA C]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i < N * AREA * C) {
    dx[i] = dy[(i / (AREA * C)) * C + i % C] / f32(AREA);
  }
}
