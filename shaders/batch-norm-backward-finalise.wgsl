// Adds up the partial sums in order.  sums [SPLITS 2 C] -> dbeta [C], dgamma [C]
@group(0) @binding(0) var<storage, read> sums: array<f32>;
@group(0) @binding(1) var<storage, read_write> dbeta: array<f32>;
@group(0) @binding(2) var<storage, read_write> dgamma: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let c = id.x;
  if (c >= C) {
    return;
  }
  var beta_sum = 0.0;
  var gamma_sum = 0.0;
  for (var split = 0u; split < SPLITS; split++) {
    beta_sum += sums[split * 2u * C + c];
    gamma_sum += sums[(split * 2u + 1u) * C + c];
  }
  dbeta[c] = beta_sum;
  dgamma[c] = gamma_sum;
}
