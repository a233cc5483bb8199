// The plain convolution, judge and fallback of src/core/gemm.  x [N H W C], w [R S C/G K] -> y [N P Q K]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= N * P * Q * K) {
    return;
  }
  let k = i % K;
  let q = (i / K) % Q;
  let p = (i / (K * Q)) % P;
  let n = i / (K * Q * P);
  let first = (k / (K / GROUPS)) * (C / GROUPS);
  var sum = 0.0;
  for (var r = 0u; r < R; r++) {
    for (var s = 0u; s < S; s++) {
      // Unsigned: a position before the edge wraps around and fails the test below.
      let h = p * STRIDE_Y + r * DILATION_Y - PAD_TOP;
      let v = q * STRIDE_X + s * DILATION_X - PAD_LEFT;
      if (h < H && v < W) {
        let at = ((n * H + h) * W + v) * C + first;
        let filter_at = (r * S + s) * (C / GROUPS) * K + k;
        for (var c = 0u; c < C / GROUPS; c++) {
          sum = fma(x[at + c], w[filter_at + c * K], sum);
        }
      }
    }
  }
  y[i] = sum;
}
