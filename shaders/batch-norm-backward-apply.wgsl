// dx = gamma / deviation * (dy - mean of dy - normalised x * mean of dy times normalised x).
// x [M C], dy [M C], statistics [2 C], gamma [C], dbeta [C], dgamma [C] -> dx [M C]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> statistics: array<f32>;
@group(0) @binding(3) var<storage, read> gamma: array<f32>;
@group(0) @binding(4) var<storage, read> dbeta: array<f32>;
@group(0) @binding(5) var<storage, read> dgamma: array<f32>;
@group(0) @binding(6) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flat_index(id);
  if (i >= M * C) {
    return;
  }
  let c = i % C;
  let scale = statistics[C + c];
  let normal = (x[i] - statistics[c]) * scale;
  dx[i] = gamma[c] * scale * (dy[i] - (dbeta[c] + normal * dgamma[c]) / f32(M));
}
