// Softmax, cross entropy with label smoothing, class weights and mixed labels, the gradient of the logits, and the step's loss and
// hits, in one workgroup. A photo is `share` of its label and, where MIXED is 1, the rest of another.
// logits [N K], labels [N], others [N], shares [N], weights [K] -> dlogits [N K], metrics [RING 4] row step % RING: mean loss, share
// right, 0, 0; margins [...] at batch_start + n: the logit of the label less the best other one
#include "lib/step.wgsl"
#include "lib/sum.wgsl"
@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> labels: array<u32>;
@group(0) @binding(2) var<storage, read> others: array<u32>;
@group(0) @binding(3) var<storage, read> shares: array<f32>;
@group(0) @binding(4) var<storage, read> weights: array<f32>;
@group(0) @binding(5) var<storage, read_write> dlogits: array<f32>;
@group(0) @binding(6) var<storage, read_write> metrics: array<f32>;
@group(0) @binding(7) var<storage, read_write> margins: array<f32>;

fn share_of(n: u32) -> f32 {
  return select(1.0, shares[n], MIXED == 1u);
}

fn other_of(n: u32) -> u32 {
  return select(labels[n], others[n], MIXED == 1u);
}

// How much class k counts for photo n, its weight included.
fn goal_of(n: u32, k: u32) -> f32 {
  let share = share_of(n);
  let own = select(0.0, share, k == labels[n]) + select(0.0, 1.0 - share, k == other_of(n));
  return weights[k] * (SMOOTHING / f32(K) + (1.0 - SMOOTHING) * own);
}

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) thread: u32) {
  var weight = 0.0;
  for (var n = thread; n < N; n += 256u) {
    let share = share_of(n);
    weight += share * weights[labels[n]] + (1.0 - share) * weights[other_of(n)];
  }
  let counted = workgroup_sum(weight, thread);
  // A batch whose labels all weigh nothing teaches nothing, though smoothing gives it goals of other classes.
  let total = select(3.4028234e38, max(counted, 1e-12), counted > 0.0);
  var loss = 0.0;
  var right = 0.0;
  for (var n = thread; n < N; n += 256u) {
    let label = labels[n];
    var largest = logits[n * K];
    var best = 0u;
    var rival = -3.4028234e38;
    for (var k = 0u; k < K; k++) {
      let value = logits[n * K + k];
      if (value > largest) {
        largest = value;
        best = k;
      }
      rival = select(max(rival, value), rival, k == label);
    }
    margins[step.batch_start + n] = logits[n * K + label] - rival;
    var sum = 0.0;
    var goals = 0.0;
    for (var k = 0u; k < K; k++) {
      sum += exp(logits[n * K + k] - largest);
      goals += goal_of(n, k);
    }
    let log_sum = log(sum) + largest;
    for (var k = 0u; k < K; k++) {
      let goal = goal_of(n, k);
      let log_p = logits[n * K + k] - log_sum;
      loss -= goal * log_p;
      dlogits[n * K + k] = (exp(log_p) * goals - goal) / total;
    }
    right += select(0.0, 1.0, best == label);
  }
  let loss_sum = workgroup_sum(loss, thread);
  let hits = workgroup_sum(right, thread);
  if (thread == 0u) {
    let row = (step.step % RING) * 4u;
    metrics[row] = loss_sum / total;
    metrics[row + 1u] = hits / f32(N);
  }
}
