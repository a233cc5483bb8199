// Merges the partial statistics (Chan's formula, in order) and moves the running ones.
// partial [SPLITS 2 C] -> statistics [2 C] (mean, 1 / standard deviation), running_mean [C], running_var [C]
@group(0) @binding(0) var<storage, read> partial: array<f32>;
@group(0) @binding(1) var<storage, read_write> statistics: array<f32>;
@group(0) @binding(2) var<storage, read_write> running_mean: array<f32>;
@group(0) @binding(3) var<storage, read_write> running_var: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let c = id.x;
  if (c >= C) {
    return;
  }
  var mean = 0.0;
  var squares = 0.0;
  var count = 0.0;
  for (var split = 0u; split < SPLITS; split++) {
    let rows = f32(min(ROWS, M - split * ROWS));
    let delta = partial[split * 2u * C + c] - mean;
    let total = count + rows;
    mean += delta * rows / total;
    squares += partial[(split * 2u + 1u) * C + c] + delta * delta * count * rows / total;
    count = total;
  }
  statistics[c] = mean;
  statistics[C + c] = inverseSqrt(max(squares / f32(M), 0.0) + EPSILON);
  running_mean[c] = mix(running_mean[c], mean, MOMENTUM);
  running_var[c] = mix(running_var[c], squares / (f32(M) - 1.0), MOMENTUM);
}
