// Sums over ROWS rows of dy at a time: of dy (the gradient of beta) and of dy times the normalised x (the gradient of gamma). When POOL
// is 1 a row of dy belongs to a 2 x 2 window of x and goes to the value that won it.
// x [N H W C], dy [PLACES C], statistics [2 C], gamma [C] -> sums [SPLITS 2 C]
#include "lib/index.wgsl"
#include "lib/window.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> statistics: array<f32>;
@group(0) @binding(3) var<storage, read> gamma: array<f32>;
@group(0) @binding(4) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= SPLITS * C) {
    return;
  }
  let split = i / C;
  let c = i % C;
  let mean = statistics[c];
  let scale = statistics[C + c];
  let falling = gamma[c] < 0.0;
  var beta_sum = 0.0;
  var gamma_sum = 0.0;
  for (var row = 0u; row < ROWS; row++) {
    let place = split * ROWS + row;
    if (place < PLACES) {
      let gradient = dy[place * C + c];
      var at = place * C + c;
      if (POOL == 1u) {
        at = window_winner(place, c, falling);
      }
      beta_sum += gradient;
      gamma_sum = fma(gradient, (x[at] - mean) * scale, gamma_sum);
    }
  }
  sums[split * 2u * C + c] = beta_sum;
  sums[(split * 2u + 1u) * C + c] = gamma_sum;
}
