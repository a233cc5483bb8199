// Mean and 1 / deviation of every group of channels of every photo, one workgroup each.
// x [N AREA C] -> statistics [N GROUPS 2]
#include "lib/index.wgsl"
#include "lib/sum.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> statistics: array<f32>;

const WIDTH = C / GROUPS;
const COUNT = AREA * WIDTH;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  let item = flat_group(group, groups);
  if (item >= N * GROUPS) {
    return;
  }
  let first = (item / GROUPS) * AREA * C + (item % GROUPS) * WIDTH;
  var sum = 0.0;
  for (var i = thread; i < COUNT; i += 256u) {
    sum += x[first + (i / WIDTH) * C + i % WIDTH];
  }
  let mean = workgroup_sum(sum, thread) / f32(COUNT);
  var squares = 0.0;
  for (var i = thread; i < COUNT; i += 256u) {
    let value = x[first + (i / WIDTH) * C + i % WIDTH] - mean;
    squares = fma(value, value, squares);
  }
  let variance = workgroup_sum(squares, thread) / f32(COUNT);
  if (thread == 0u) {
    statistics[item * 2u] = mean;
    statistics[item * 2u + 1u] = inverseSqrt(variance + EPSILON);
  }
}
