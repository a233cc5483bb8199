// Adds a part's share of the gradients to the whole batch's: the first of PARTS turns sets the total, the others add to it.
// blocks [BLOCKS 4] = first gradient, stride and number of the partial sums, 1 if it decays; gradients flat -> total flat
#include "lib/index.wgsl"
#include "lib/step.wgsl"
@group(0) @binding(0) var<storage, read> blocks: array<vec4u>;
@group(0) @binding(1) var<storage, read> gradients: array<f32>;
@group(0) @binding(2) var<storage, read_write> total: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  let block_index = flat_group(group, groups);
  if (block_index >= BLOCKS) {
    return;
  }
  let block = blocks[block_index];
  let i = block_index * 64u + thread;
  var gradient = 0.0;
  for (var part = 0u; part < block.z; part++) {
    gradient += gradients[block.x + part * block.y + thread];
  }
  let before = select(total[i], 0.0, step.step % PARTS == 0u);
  total[i] = before + gradient / f32(PARTS);
}
