// The sum of the squared gradients of each 64 blocks of 64 parameters: neighbours read neighbours, four blocks at a time.
// blocks [BLOCKS 4] (see lib/gradient.wgsl), gradients flat -> squares [SUMS]
#include "lib/index.wgsl"
#include "lib/sum.wgsl"
@group(0) @binding(0) var<storage, read> blocks: array<vec4u>;
@group(0) @binding(1) var<storage, read> gradients: array<f32>;
@group(0) @binding(2) var<storage, read_write> squares: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  let item = flat_group(group, groups);
  if (item >= SUMS) {
    return;
  }
  var sum = 0.0;
  for (var turn = 0u; turn < 16u; turn++) {
    let block_index = item * 64u + turn * 4u + thread / 64u;
    if (block_index < BLOCKS) {
      let block = blocks[block_index];
      var gradient = 0.0;
      for (var part = 0u; part < block.z; part++) {
        gradient += gradients[block.x + part * block.y + thread % 64u];
      }
      sum = fma(gradient, gradient, sum);
    }
  }
  let total = workgroup_sum(sum, thread);
  if (thread == 0u) {
    squares[item] = total;
  }
}
