// Focal loss (Lin et al. 2017, arXiv 1708.02002) of the softmax: - sum over k of goal (1 - p)^GAMMA log p.
// logits [N K], goals [N K], counts [N] -> losses [N], dlogits [N K]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> goals: array<f32>;
@group(0) @binding(2) var<storage, read> counts: array<f32>;
@group(0) @binding(3) var<storage, read_write> losses: array<f32>;
@group(0) @binding(4) var<storage, read_write> dlogits: array<f32>;

// (1 - p)^GAMMA; a rest of nothing is taken as 1e-7, where f32 ends.
fn focus(p: f32) -> f32 {
  return pow(max(1.0 - p, 1e-7), GAMMA);
}

// p times the slope of - loss / count by p.
fn pull(goal: f32, log_p: f32) -> f32 {
  let p = exp(log_p);
  return goal * focus(p) * (1.0 - GAMMA * p * log_p / max(1.0 - p, 1e-7));
}

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = flat_index(id, groups);
  if (n >= N) {
    return;
  }
  var largest = logits[n * K];
  for (var k = 1u; k < K; k++) {
    largest = max(largest, logits[n * K + k]);
  }
  var sum = 0.0;
  for (var k = 0u; k < K; k++) {
    sum += exp(logits[n * K + k] - largest);
  }
  let log_sum = log(sum) + largest;
  var loss = 0.0;
  var pulls = 0.0;
  for (var k = 0u; k < K; k++) {
    let log_p = logits[n * K + k] - log_sum;
    loss -= goals[n * K + k] * focus(exp(log_p)) * log_p;
    pulls += pull(goals[n * K + k], log_p);
  }
  for (var k = 0u; k < K; k++) {
    let log_p = logits[n * K + k] - log_sum;
    dlogits[n * K + k] = (exp(log_p) * pulls - pull(goals[n * K + k], log_p)) * counts[n];
  }
  losses[n] = loss * counts[n];
}
