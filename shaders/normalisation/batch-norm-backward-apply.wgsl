// Adds up the partial sums in order, and dx = gamma / deviation * (dy - mean of dy - normalised x * mean of dy times normalised x). When
// POOL is 1 dy [N H/2 W/2 C] belongs to the values that won their 2 x 2 windows, and is zero for the rest.
// x [N H W C], M = N H W; dy [PLACES C], statistics [2 C], gamma [C], sums [SPLITS 2 C] -> dx [M C], dbeta [C], dgamma [C]
//
// As in batch-norm-normalise every workgroup has 16 channels and adds up their sums for itself. With POOL an invocation has a whole
// window; the windows at an odd edge are cut off and won by nobody.
#include "lib/index.wgsl"
#include "lib/window.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> statistics: array<f32>;
@group(0) @binding(3) var<storage, read> gamma: array<f32>;
@group(0) @binding(4) var<storage, read> sums: array<f32>;
@group(0) @binding(5) var<storage, read_write> dx: array<f32>;
@group(0) @binding(6) var<storage, read_write> dbeta: array<f32>;
@group(0) @binding(7) var<storage, read_write> dgamma: array<f32>;

const SHARES = 16u;
const TURNS = 16u;
const ACROSS = (W + 1u) / 2u;
const DOWN = (H + 1u) / 2u;
const ITEMS = select(M, M / (H * W) * DOWN * ACROSS, POOL == 1u);
const SLICES = (ITEMS + SHARES * TURNS - 1u) / (SHARES * TURNS);

var<workgroup> shares: array<vec2f, 256>;

struct Channel { c: u32, mean: f32, scale: f32, factor: f32, sums: vec2f }

fn gradient_of(channel: Channel, at: u32, gradient: f32) -> f32 {
  let normal = (x[at] - channel.mean) * channel.scale;
  return channel.factor * channel.scale * (gradient - (channel.sums.x + normal * channel.sums.y) / f32(M));
}

fn window_gradients(channel: Channel, item: u32) {
  let n = item / (DOWN * ACROSS);
  let p = item / ACROSS % DOWN;
  let q = item % ACROSS;
  let whole = p < H / 2u && q < W / 2u;
  let window = select(0u, (n * (H / 2u) + p) * (W / 2u) + q, whole);
  let winner = window_winner(window, channel.c, channel.factor < 0.0);
  let gradient = dy[window * C + channel.c];
  for (var tap = 0u; tap < 4u; tap++) {
    let h = 2u * p + tap / 2u;
    let v = 2u * q + tap % 2u;
    if (h < H && v < W) {
      let at = ((n * H + h) * W + v) * C + channel.c;
      dx[at] = gradient_of(channel, at, select(0.0, gradient, whole && at == winner));
    }
  }
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
  var sum = vec2f();
  for (var i = 0u; i < (SPLITS + SHARES - 1u) / SHARES; i++) {
    let split = i * SHARES + share;
    if (split < SPLITS) {
      sum += vec2f(sums[split * 2u * C + c], sums[(split * 2u + 1u) * C + c]);
    }
  }
  shares[thread] = sum;
  workgroupBarrier();
  var whole = vec2f();
  for (var i = 0u; i < SHARES; i++) {
    whole += shares[i * 16u + thread % 16u];
  }
  if (lane >= C) {
    return;
  }
  if (slice == 0u && share == 0u) {
    dbeta[c] = whole.x;
    dgamma[c] = whole.y;
  }
  let channel = Channel(c, statistics[c], statistics[C + c], gamma[c], whole);
  for (var turn = 0u; turn < TURNS; turn++) {
    let item = (slice * TURNS + turn) * SHARES + share;
    if (item < ITEMS) {
      if (POOL == 1u) {
        window_gradients(channel, item);
      } else {
        let at = item * C + c;
        dx[at] = gradient_of(channel, at, dy[at]);
      }
    }
  }
}
