// Sums over the rows of split s: sums[s][k] = sum of dy[m][k].  dy [M K] -> sums [SPLITS STRIDE]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= SPLITS * K) {
    return;
  }
  let s = i / K;
  let k = i % K;
  var sum = 0.0;
  for (var row = 0u; row < ROWS; row++) {
    let m = s * ROWS + row;
    if (m < M) {
      sum += dy[m * K + k];
    }
  }
  sums[s * STRIDE + k] = sum;
}
