// dx = (g - mean of g - normalised x * mean of g times normalised x) / deviation with g = dy gamma, one workgroup a group.
// x [N AREA C], dy [N AREA C], statistics [N GROUPS 2], gamma [C] -> dx [N AREA C]
#include "lib/index.wgsl"
#include "lib/sum.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> statistics: array<f32>;
@group(0) @binding(3) var<storage, read> gamma: array<f32>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;

const WIDTH = C / GROUPS;
const COUNT = AREA * WIDTH;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  let item = flat_group(group, groups);
  if (item >= N * GROUPS) {
    return;
  }
  let channel = (item % GROUPS) * WIDTH;
  let first = (item / GROUPS) * AREA * C + channel;
  let mean = statistics[item * 2u];
  let scale = statistics[item * 2u + 1u];
  var sum = 0.0;
  var product = 0.0;
  for (var i = thread; i < COUNT; i += 256u) {
    let at = first + (i / WIDTH) * C + i % WIDTH;
    let gradient = dy[at] * gamma[channel + i % WIDTH];
    sum += gradient;
    product = fma(gradient, (x[at] - mean) * scale, product);
  }
  let mean_gradient = workgroup_sum(sum, thread) / f32(COUNT);
  let mean_product = workgroup_sum(product, thread) / f32(COUNT);
  for (var i = thread; i < COUNT; i += 256u) {
    let at = first + (i / WIDTH) * C + i % WIDTH;
    dx[at] = scale * (dy[at] * gamma[channel + i % WIDTH] - mean_gradient - (x[at] - mean) * scale * mean_product);
  }
}
