// How the loss moves with the input.  dy [N P Q K], w [R S C/G K] -> dx [N H W C]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= N * H * W * C) {
    return;
  }
  let c = i % C;
  let v = (i / C) % W;
  let h = (i / (C * W)) % H;
  let n = i / (C * W * H);
  let group = c / (C / GROUPS);
  var sum = 0.0;
  for (var r = 0u; r < R; r++) {
    for (var s = 0u; s < S; s++) {
      // Unsigned: a position before the edge wraps around and fails the tests below.
      let down = h + PAD_TOP - r * DILATION_Y;
      let right = v + PAD_LEFT - s * DILATION_X;
      let p = down / STRIDE_Y;
      let q = right / STRIDE_X;
      if (p < P && q < Q && down % STRIDE_Y == 0u && right % STRIDE_X == 0u) {
        let at = ((n * P + p) * Q + q) * K + group * (K / GROUPS);
        let filter_at = ((r * S + s) * (C / GROUPS) + c % (C / GROUPS)) * K + group * (K / GROUPS);
        for (var k = 0u; k < K / GROUPS; k++) {
          sum = fma(dy[at + k], w[filter_at + k], sum);
        }
      }
    }
  }
  dx[i] = sum;
}
