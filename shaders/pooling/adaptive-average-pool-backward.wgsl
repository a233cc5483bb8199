// Every window hands its gradient to its pixels in equal shares; a pixel may lie in several.  dy [N P Q C] -> dx [N H W C]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= N * H * W * C) {
    return;
  }
  let c = i % C;
  let w = (i / C) % W;
  let h = (i / (C * W)) % H;
  let n = i / (C * W * H);
  var sum = 0.0;
  for (var p = h * P / H; p < ((h + 1u) * P + H - 1u) / H; p++) {
    let rows = ((p + 1u) * H + P - 1u) / P - p * H / P;
    for (var q = w * Q / W; q < ((w + 1u) * Q + W - 1u) / W; q++) {
      let columns = ((q + 1u) * W + Q - 1u) / Q - q * W / Q;
      sum += dy[((n * P + p) * Q + q) * C + c] / f32(rows * columns);
    }
  }
  dx[i] = sum;
}
