// The mean over the classes of the squared distance of each logit from its goal.
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
    let away = logits[n * K + k] - goals[n * K + k];
    loss += away * away;
    dlogits[n * K + k] = 2.0 * away * count;
  }
  losses[n] = loss * count;
}
