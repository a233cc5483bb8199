// y = (x - mean) / deviation * gamma + beta, then max(y, 0) when RELU is 1.
// x [M C], statistics [2 C] (mean, 1 / deviation), gamma [C], beta [C] -> y [M C]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> statistics: array<f32>;
@group(0) @binding(2) var<storage, read> gamma: array<f32>;
@group(0) @binding(3) var<storage, read> beta: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flat_index(id);
  if (i >= M * C) {
    return;
  }
  let c = i % C;
  let value = (x[i] - statistics[c]) * statistics[C + c] * gamma[c] + beta[c];
  y[i] = select(value, max(value, 0.0), RELU == 1u);
}
