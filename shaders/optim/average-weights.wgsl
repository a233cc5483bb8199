// A running average: the values themselves at first, then average += (1 - d) (value - average), where d grows from 1/10 to DECAY.
// values, average flat
#include "lib/index.wgsl"
#include "lib/step.wgsl"
@group(0) @binding(0) var<storage, read> values: array<f32>;
@group(0) @binding(1) var<storage, read_write> average: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i < LENGTH) {
    let done = f32(step.step);
    let rest = select(REST, 9.0 / (10.0 + done), (1.0 + done) / (10.0 + done) < DECAY);
    average[i] = select(average[i] + rest * (values[i] - average[i]), values[i], step.step == 0u);
  }
}
