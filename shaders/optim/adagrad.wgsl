// One workgroup a block of 64 parameters: AdaGrad (Duchi et al. 2011), the rate divided by the root of all squares so far.
// blocks [BLOCKS 4] (see lib/gradient.wgsl); gradients, values, squares flat; clip [2]
#include "lib/index.wgsl"
#include "lib/step.wgsl"
#include "lib/gradient.wgsl"
@group(0) @binding(0) var<storage, read> blocks: array<vec4u>;
@group(0) @binding(1) var<storage, read> gradients: array<f32>;
@group(0) @binding(2) var<storage, read> clip: array<f32>;
@group(0) @binding(3) var<storage, read_write> values: array<f32>;
@group(0) @binding(4) var<storage, read_write> squares: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  let block_index = flat_group(group, groups);
  if (block_index >= BLOCKS || is_skipped()) {
    return;
  }
  let block = blocks[block_index];
  let i = block_index * 64u + thread;
  let gradient = whole_gradient(block, thread) + decay_of(block, DECAY) * values[i];
  let sum = squares[i] + gradient * gradient;
  squares[i] = sum;
  values[i] -= step.rate * rate_factor(block) * gradient / (sqrt(sum) + EPSILON);
}
