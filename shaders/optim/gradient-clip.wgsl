// The factor that brings the norm of all gradients down to MAXIMUM, and the norm.  squares [SUMS] -> clip [2]
#include "lib/sum.wgsl"
@group(0) @binding(0) var<storage, read> squares: array<f32>;
@group(0) @binding(1) var<storage, read_write> clip: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) thread: u32) {
  var sum = 0.0;
  for (var i = thread; i < SUMS; i += 256u) {
    sum += squares[i];
  }
  let norm = sqrt(workgroup_sum(sum, thread));
  if (thread == 0u) {
    clip[0] = min(1.0, MAXIMUM / (norm + 1e-6));
    clip[1] = norm;
  }
}
