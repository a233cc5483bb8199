// Rows of a batch, written to their place among the rows of a whole pass; padding rows are left out.
// x [N D] -> results [ROWS D] rows batch_start .. batch_start + batch_count
#include "lib/index.wgsl"
#include "lib/step.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> results: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i < min(N, step.batch_count) * D) {
    results[step.batch_start * D + i] = x[i];
  }
}
