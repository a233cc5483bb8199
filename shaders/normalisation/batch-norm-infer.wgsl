// The same with the running statistics: what evaluation and export use.
// x [M C], mean [C], variance [C], gamma [C], beta [C] -> y [M C]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> mean: array<f32>;
@group(0) @binding(2) var<storage, read> variance: array<f32>;
@group(0) @binding(3) var<storage, read> gamma: array<f32>;
@group(0) @binding(4) var<storage, read> beta: array<f32>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= M * C) {
    return;
  }
  let c = i % C;
  let value = (x[i] - mean[c]) * inverseSqrt(variance[c] + EPSILON) * gamma[c] + beta[c];
  y[i] = select(value, max(value, 0.0), RELU == 1u);
}
