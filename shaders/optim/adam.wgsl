// One workgroup a block of 64 parameters: Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019).
// blocks [BLOCKS 4] (see lib/gradient.wgsl); gradients, values, m, v flat; clip [2]
#include "lib/index.wgsl"
#include "lib/step.wgsl"
#include "lib/gradient.wgsl"
@group(0) @binding(0) var<storage, read> blocks: array<vec4u>;
@group(0) @binding(1) var<storage, read> gradients: array<f32>;
@group(0) @binding(2) var<storage, read> clip: array<f32>;
@group(0) @binding(3) var<storage, read_write> values: array<f32>;
@group(0) @binding(4) var<storage, read_write> m: array<f32>;
@group(0) @binding(5) var<storage, read_write> v: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  let block_index = flat_group(group, groups);
  if (block_index >= BLOCKS || is_skipped()) {
    return;
  }
  let block = blocks[block_index];
  let i = block_index * 64u + thread;
  let gradient = whole_gradient(block, thread);
  let first = BETA1 * m[i] + REST1 * gradient;
  let second = BETA2 * v[i] + REST2 * gradient * gradient;
  m[i] = first;
  v[i] = second;
  let rate = step.rate * rate_factor(block);
  let decayed = values[i] * (1.0 - rate * decay_of(block, DECAY));
  values[i] = decayed - rate * (first / step.correction1) / (sqrt(second / step.correction2) + EPSILON);
}
