// Merges the partial statistics (Chan's formula, in order), moves the running ones, and normalises: y = (x - mean) / deviation * gamma
// + beta, then max(y, 0) when RELU is 1, then the largest of each 2 x 2 window when POOL is 1.
// x [N H W C], M = N H W; partial [SPLITS 2 C] of ROWS rows each -> statistics [2 C] (mean, 1 / deviation), y [PLACES C]
//
// Every workgroup has 16 channels and merges their statistics for itself, which is cheaper than a dispatch in between: invocation
// (share, c) merges every sixteenth part, then all merge the sixteen shares.
#include "lib/index.wgsl"
#include "lib/window.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> partial: array<f32>;
@group(0) @binding(2) var<storage, read> gamma: array<f32>;
@group(0) @binding(3) var<storage, read> beta: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
@group(0) @binding(5) var<storage, read_write> statistics: array<f32>;
@group(0) @binding(6) var<storage, read_write> running_mean: array<f32>;
@group(0) @binding(7) var<storage, read_write> running_var: array<f32>;

const SHARES = 16u;
const TURNS = 16u;
const SLICES = (PLACES + SHARES * TURNS - 1u) / (SHARES * TURNS);

struct Moments { mean: f32, squares: f32, count: f32 }
var<workgroup> shares: array<Moments, 256>;

fn merged(a: Moments, b: Moments) -> Moments {
  let count = a.count + b.count;
  let delta = b.mean - a.mean;
  let share = b.count / max(count, 1.0);
  return Moments(a.mean + delta * share, a.squares + b.squares + delta * delta * a.count * share, count);
}

fn share_of(share: u32, c: u32) -> Moments {
  var sum = Moments();
  for (var i = 0u; i < (SPLITS + SHARES - 1u) / SHARES; i++) {
    let split = i * SHARES + share;
    if (split < SPLITS) {
      let at = split * 2u * C + c;
      sum = merged(sum, Moments(partial[at], partial[at + C], f32(min(ROWS, M - split * ROWS))));
    }
  }
  return sum;
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  let tile = flat_group(group, groups);
  if (tile >= SLICES * ((C + 15u) / 16u)) {
    return;
  }
  let slice = tile % SLICES;
  let share = thread / 16u;
  let lane = tile / SLICES * 16u + thread % 16u;
  let c = min(lane, C - 1u);
  shares[thread] = share_of(share, c);
  workgroupBarrier();
  var whole = Moments();
  for (var i = 0u; i < SHARES; i++) {
    whole = merged(whole, shares[i * 16u + thread % 16u]);
  }
  if (lane >= C) {
    return;
  }
  let scale = inverseSqrt(max(whole.squares / f32(M), 0.0) + EPSILON);
  if (slice == 0u && share == 0u) {
    statistics[c] = whole.mean;
    statistics[C + c] = scale;
    running_mean[c] = mix(running_mean[c], whole.mean, MOMENTUM);
    running_var[c] = mix(running_var[c], whole.squares / (f32(M) - 1.0), MOMENTUM);
  }
  let factor = gamma[c];
  let shift = beta[c];
  for (var turn = 0u; turn < TURNS; turn++) {
    let place = (slice * TURNS + turn) * SHARES + share;
    if (place < PLACES) {
      var at = place * C + c;
      if (POOL == 1u) {
        at = window_winner(place, c, factor < 0.0);
      }
      let value = (x[at] - whole.mean) * scale * factor + shift;
      y[place * C + c] = select(value, max(value, 0.0), RELU == 1u);
    }
  }
}
