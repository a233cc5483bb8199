// Sums over ROWS rows at a time: of dy (the gradient of beta) and of dy times the normalised x (the gradient of gamma).
// x [N AREA C], dy [N AREA C], statistics [N GROUPS 2] -> dgamma [SPLITS STRIDE], dbeta [SPLITS STRIDE]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> statistics: array<f32>;
@group(0) @binding(3) var<storage, read_write> dgamma: array<f32>;
@group(0) @binding(4) var<storage, read_write> dbeta: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= SPLITS * C) {
    return;
  }
  let split = i / C;
  let c = i % C;
  var gamma_sum = 0.0;
  var beta_sum = 0.0;
  for (var row = 0u; row < ROWS; row++) {
    let m = split * ROWS + row;
    if (m < N * AREA) {
      let item = ((m / AREA) * GROUPS + c / (C / GROUPS)) * 2u;
      let gradient = dy[m * C + c];
      beta_sum += gradient;
      gamma_sum = fma(gradient, (x[m * C + c] - statistics[item]) * statistics[item + 1u], gamma_sum);
    }
  }
  dgamma[split * STRIDE + c] = gamma_sum;
  dbeta[split * STRIDE + c] = beta_sum;
}
