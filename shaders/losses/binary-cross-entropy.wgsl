// Binary cross entropy of the sigmoid of each logit (one question a class), the mean over the classes, in the form that overflows
// nowhere: max(z, 0) - z goal + log(1 + exp(-|z|)).
// logits [N K], goals [N K], counts [N] -> losses [N], dlogits [N K]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> goals: array<f32>;
@group(0) @binding(2) var<storage, read> counts: array<f32>;
@group(0) @binding(3) var<storage, read_write> losses: array<f32>;
@group(0) @binding(4) var<storage, read_write> dlogits: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = flat_index(id, groups);
  if (n >= N) {
    return;
  }
  let count = counts[n] / f32(K);
  var loss = 0.0;
  for (var k = 0u; k < K; k++) {
    let z = logits[n * K + k];
    let goal = goals[n * K + k];
    let small = exp(-abs(z));
    let sigmoid = select(small, 1.0, z >= 0.0) / (1.0 + small);
    loss += max(z, 0.0) - z * goal + log(1.0 + small);
    dlogits[n * K + k] = (sigmoid - goal) * count;
  }
  losses[n] = loss * count;
}
