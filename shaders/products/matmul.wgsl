// The plain matrix product, judge and fallback of src/core/gemm.  a [M K] (or [K M]), b [K N] (or [N K]) -> y [M N]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= M * N) {
    return;
  }
  let m = i / N;
  let n = i % N;
  var sum = 0.0;
  for (var k = 0u; k < K; k++) {
    let left = a[select(m * K + k, k * M + m, TRANSPOSE_A == 1u)];
    let right = b[select(k * N + n, n * K + k, TRANSPOSE_B == 1u)];
    sum = fma(left, right, sum);
  }
  y[i] = sum;
}
