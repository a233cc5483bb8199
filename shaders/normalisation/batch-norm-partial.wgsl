// Count-weighted statistics of ROWS rows at a time: mean and sum of squared deviations of each channel, taken around the first
// value so that large means lose nothing.  x [M C] -> partial [SPLITS 2 C]
#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> partial: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= SPLITS * C) {
    return;
  }
  let split = i / C;
  let c = i % C;
  let first = split * ROWS;
  let pivot = x[first * C + c];
  var count = 0.0;
  var sum = 0.0;
  var squares = 0.0;
  for (var row = 0u; row < ROWS; row++) {
    let m = first + row;
    if (m < M) {
      let value = x[m * C + c] - pivot;
      sum += value;
      squares = fma(value, value, squares);
      count += 1.0;
    }
  }
  partial[split * 2u * C + c] = pivot + sum / count;
  partial[(split * 2u + 1u) * C + c] = squares - sum * sum / count;
}
