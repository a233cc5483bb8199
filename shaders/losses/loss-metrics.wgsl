// The step's loss and hits, and the margin of each photo, in one workgroup.
// losses [N], logits [N K], labels [N] -> metrics [RING 4] row step % RING: sum of the losses, share right, 0, 0; margins [...] at
// batch_start + n: the logit of the label less the best other one
#include "lib/step.wgsl"
#include "lib/sum.wgsl"
@group(0) @binding(0) var<storage, read> losses: array<f32>;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> labels: array<u32>;
@group(0) @binding(3) var<storage, read_write> metrics: array<f32>;
@group(0) @binding(4) var<storage, read_write> margins: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) thread: u32) {
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
    right += select(0.0, 1.0, best == label);
    loss += losses[n];
  }
  let loss_sum = workgroup_sum(loss, thread);
  let hits = workgroup_sum(right, thread);
  if (thread == 0u) {
    let row = (step.step % RING) * 4u;
    metrics[row] = loss_sum;
    metrics[row + 1u] = hits / f32(N);
  }
}
