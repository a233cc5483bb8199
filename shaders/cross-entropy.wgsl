// Softmax, cross entropy with label smoothing, the gradient of the logits, and the step's loss and hits, in one workgroup.
// logits [N K], labels [N] -> dlogits [N K], metrics [RING 4] row step % RING: mean loss, share right, 0, 0;
// margins [...] at batch_start + n: the logit of the label less the best other one
#include "lib/step.wgsl"
@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> labels: array<u32>;
@group(0) @binding(2) var<storage, read_write> dlogits: array<f32>;
@group(0) @binding(3) var<storage, read_write> metrics: array<f32>;
@group(0) @binding(4) var<storage, read_write> margins: array<f32>;

var<workgroup> losses: array<f32, 256>;
var<workgroup> hits: array<f32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) thread: u32) {
  var loss = 0.0;
  var right = 0.0;
  for (var turn = 0u; turn < TURNS; turn++) {
    let n = turn * 256u + thread;
    if (n < N) {
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
      for (var k = 0u; k < K; k++) {
        sum += exp(logits[n * K + k] - largest);
      }
      let log_sum = log(sum) + largest;
      for (var k = 0u; k < K; k++) {
        let goal = SMOOTHING / f32(K) + select(0.0, 1.0 - SMOOTHING, k == label);
        let log_p = logits[n * K + k] - log_sum;
        loss -= goal * log_p;
        dlogits[n * K + k] = (exp(log_p) - goal) / f32(N);
      }
      right += select(0.0, 1.0, best == label);
    }
  }
  losses[thread] = loss;
  hits[thread] = right;
  for (var half = 128u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) {
      losses[thread] += losses[thread + half];
      hits[thread] += hits[thread + half];
    }
  }
  if (thread == 0u) {
    let row = (step.step % RING) * 4u;
    metrics[row] = losses[0] / f32(N);
    metrics[row + 1u] = hits[0] / f32(N);
  }
}
