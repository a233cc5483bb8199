// The largest value of each window, and where in the window it stood (row-major, the first of equals).
// x [N H W C] -> y [N P Q C], place [N P Q C]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read_write> place: array<u32>;

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
  var largest = -3.4028234e38;
  var at = 0u;
  for (var r = 0u; r < R; r++) {
    for (var s = 0u; s < S; s++) {
      let h = p * STRIDE_Y + r - PAD_TOP;
      let v = q * STRIDE_X + s - PAD_LEFT;
      if (h < H && v < W) {
        let value = x[((n * H + h) * W + v) * C + c];
        if (value > largest) {
          largest = value;
          at = r * S + s;
        }
      }
    }
  }
  y[i] = largest;
  place[i] = at;
}
