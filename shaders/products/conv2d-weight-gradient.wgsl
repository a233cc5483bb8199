// How the loss moves with the filters, as SPLITS partial sums over groups of IMAGES images.
// x [N H W C], dy [N P Q K] -> dw [SPLITS STRIDE], each split [R S C/G K]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> dw: array<f32>;

const WEIGHTS = R * S * (C / GROUPS) * K;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= SPLITS * WEIGHTS) {
    return;
  }
  let split = i / WEIGHTS;
  let weight = i % WEIGHTS;
  let k = weight % K;
  let c = (weight / K) % (C / GROUPS) + (k / (K / GROUPS)) * (C / GROUPS);
  let s = (weight / (K * (C / GROUPS))) % S;
  let r = weight / (K * (C / GROUPS) * S);
  var sum = 0.0;
  for (var image = 0u; image < IMAGES; image++) {
    let n = split * IMAGES + image;
    if (n < N) {
      for (var p = 0u; p < P; p++) {
        let h = p * STRIDE_Y + r * DILATION_Y - PAD_TOP;
        if (h < H) {
          for (var q = 0u; q < Q; q++) {
            let v = q * STRIDE_X + s * DILATION_X - PAD_LEFT;
            if (v < W) {
              sum = fma(x[((n * H + h) * W + v) * C + c], dy[((n * P + p) * Q + q) * K + k], sum);
            }
          }
        }
      }
    }
  }
  dw[split * STRIDE + weight] = sum;
}
