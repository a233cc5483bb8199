// What the losses of own kernels aim at: how much each class is the right answer for a photo, and how much the photo counts, in one
// workgroup. A photo is `share` of its label and, where MIXED is 1, the rest of another.
// labels [N], others [N], shares [N], weights [K] -> goals [N K] whose rows sum to 1, counts [N] which sum to 1
#include "lib/sum.wgsl"
@group(0) @binding(0) var<storage, read> labels: array<u32>;
@group(0) @binding(1) var<storage, read> others: array<u32>;
@group(0) @binding(2) var<storage, read> shares: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> goals: array<f32>;
@group(0) @binding(5) var<storage, read_write> counts: array<f32>;

fn share_of(n: u32) -> f32 {
  return select(1.0, shares[n], MIXED == 1u);
}

fn other_of(n: u32) -> u32 {
  return select(labels[n], others[n], MIXED == 1u);
}

fn weight_of(n: u32) -> f32 {
  let share = share_of(n);
  return share * weights[labels[n]] + (1.0 - share) * weights[other_of(n)];
}

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) thread: u32) {
  var weight = 0.0;
  for (var n = thread; n < N; n += 256u) {
    weight += weight_of(n);
  }
  let counted = workgroup_sum(weight, thread);
  // A batch whose labels all weigh nothing teaches nothing.
  let total = select(3.4028234e38, max(counted, 1e-12), counted > 0.0);
  for (var n = thread; n < N; n += 256u) {
    counts[n] = weight_of(n) / total;
    for (var k = 0u; k < K; k++) {
      let own = select(0.0, share_of(n), k == labels[n]) + select(0.0, 1.0 - share_of(n), k == other_of(n));
      goals[n * K + k] = SMOOTHING / f32(K) + (1.0 - SMOOTHING) * own;
    }
  }
}
