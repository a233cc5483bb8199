// The mean of each window; window p has the rows from floor(p H / P) to ceil((p + 1) H / P).  x [N H W C] -> y [N P Q C]
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
  let top = p * H / P;
  let bottom = ((p + 1u) * H + P - 1u) / P;
  let left = q * W / Q;
  let right = ((q + 1u) * W + Q - 1u) / Q;
  var sum = 0.0;
  for (var h = top; h < bottom; h++) {
    for (var w = left; w < right; w++) {
      sum += x[((n * H + h) * W + w) * C + c];
    }
  }
  y[i] = sum / f32((bottom - top) * (right - left));
}
