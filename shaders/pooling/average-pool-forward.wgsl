// The mean of each window; padding is not counted.  x [N H W C] -> y [N P Q C]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= N * P * Q * C) {
    return;
  }
  let c = i % C;
  let q = (i / C) % Q;
  let p = (i / (C * Q)) % P;
  let n = i / (C * Q * P);
  var sum = 0.0;
  var count = 0.0;
  for (var r = 0u; r < R; r++) {
    for (var s = 0u; s < S; s++) {
      // Unsigned: a position before the edge wraps around and fails the test below.
      let h = p * STRIDE_Y + r - PAD_TOP;
      let v = q * STRIDE_X + s - PAD_LEFT;
      if (h < H && v < W) {
        sum += x[((n * H + h) * W + v) * C + c];
        count += 1.0;
      }
    }
  }
  y[i] = sum / max(count, 1.0);
}
