// Each input takes its share of the windows it is in.  dy [N P Q C] -> dx [N H W C]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read_write> dx: array<f32>;

// How many of the `size` places of a window that begins at `first` (moved by `pad`) lie in 0..length-1.
fn inside(first: u32, size: u32, pad: u32, length: u32) -> u32 {
  return min(first + size, length + pad) - max(first, pad);
}

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
  var sum = 0.0;
  for (var r = 0u; r < R; r++) {
    for (var s = 0u; s < S; s++) {
      let down = h + PAD_TOP - r;
      let right = v + PAD_LEFT - s;
      let p = down / STRIDE_Y;
      let q = right / STRIDE_X;
      if (p < P && q < Q && down % STRIDE_Y == 0u && right % STRIDE_X == 0u) {
        let count = inside(down, R, PAD_TOP, H) * inside(right, S, PAD_LEFT, W);
        sum += dy[((n * P + p) * Q + q) * C + c] / f32(count);
      }
    }
  }
  dx[i] = sum;
}
