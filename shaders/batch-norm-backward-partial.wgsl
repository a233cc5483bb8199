// Sums over ROWS rows at a time: of dy (the gradient of beta) and of dy times the normalised x (the gradient of gamma).
// x [M C], dy [M C], statistics [2 C] -> sums [SPLITS 2 C]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> statistics: array<f32>;
@group(0) @binding(3) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flat_index(id);
  if (i >= SPLITS * C) {
    return;
  }
  let split = i / C;
  let c = i % C;
  let mean = statistics[c];
  let scale = statistics[C + c];
  var beta_sum = 0.0;
  var gamma_sum = 0.0;
  for (var row = 0u; row < ROWS; row++) {
    let m = split * ROWS + row;
    if (m < M) {
      let gradient = dy[m * C + c];
      beta_sum += gradient;
      gamma_sum = fma(gradient, (x[m * C + c] - mean) * scale, gamma_sum);
    }
  }
  sums[split * 2u * C + c] = beta_sum;
  sums[(split * 2u + 1u) * C + c] = gamma_sum;
}
