// Probabilities of a batch, written to its place among the results of the whole pass; padding rows are left out.
// logits [N K] -> results [ROWS K] rows batch_start .. batch_start + batch_count
#include "lib/index.wgsl"
#include "lib/step.wgsl"
@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read_write> results: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = flat_index(id, groups);
  if (n >= N || n >= step.batch_count) {
    return;
  }
  var largest = logits[n * K];
  for (var k = 1u; k < K; k++) {
    largest = max(largest, logits[n * K + k]);
  }
  var sum = 0.0;
  for (var k = 0u; k < K; k++) {
    sum += exp(logits[n * K + k] - largest);
  }
  for (var k = 0u; k < K; k++) {
    results[(step.batch_start + n) * K + k] = exp(logits[n * K + k] - largest) / sum;
  }
}
