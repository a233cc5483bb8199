// y = (x - mean) / deviation * gamma + beta, with the statistics of the photo's group of channels.
// x [N AREA C], statistics [N GROUPS 2], gamma [C], beta [C] -> y [N AREA C]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> statistics: array<f32>;
@group(0) @binding(2) var<storage, read> gamma: array<f32>;
@group(0) @binding(3) var<storage, read> beta: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= N * AREA * C) {
    return;
  }
  let c = i % C;
  let item = ((i / (AREA * C)) * GROUPS + c / (C / GROUPS)) * 2u;
  y[i] = (x[i] - statistics[item]) * statistics[item + 1u] * gamma[c] + beta[c];
}
