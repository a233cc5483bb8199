// dx = dy f'(x) with f chosen by KIND (src/core/ops/activation.ts).  x [...], dy [...] -> dx [...]
#include "lib/index.wgsl"
#include "lib/activation.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i < LENGTH) {
    dx[i] = dy[i] * activation_slope(x[i]);
  }
}
