// What every gradient is to be multiplied with: 1 / scale, times the factor that brings their norm down to MAXIMUM where that is not 0; or 0,
// which skips the update, where one of them is not finite. Then the scale for the next step: half of this one after a skipped update, twice
// as much after PATIENCE good ones.
// squares [SUMS] -> clip [2] (factor, norm), scale [3] (scale, good updates since it changed, skipped updates in all)
#include "lib/sum.wgsl"
@group(0) @binding(0) var<storage, read> squares: array<f32>;
@group(0) @binding(1) var<storage, read_write> scale: array<f32>;
@group(0) @binding(2) var<storage, read_write> clip: array<f32>;

const EXPONENT = 0x7f800000u;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) thread: u32) {
  var sum = 0.0;
  for (var i = thread; i < SUMS; i += 256u) {
    sum += squares[i];
  }
  let total = workgroup_sum(sum, thread);
  if (thread != 0u) {
    return;
  }
  let before = scale[0];
  // By its bits: a compiler may take it that no number is infinite.
  if ((bitcast<u32>(total) & EXPONENT) == EXPONENT) {
    clip[0] = 0.0;
    clip[1] = 0.0;
    scale[0] = max(before * 0.5, 1.0);
    scale[1] = 0.0;
    scale[2] += 1.0;
    return;
  }
  let norm = sqrt(total) / before;
  clip[0] = select(1.0, min(1.0, MAXIMUM / (norm + 1e-6)), MAXIMUM > 0.0) / before;
  clip[1] = norm;
  let grows = scale[1] + 1.0 >= PATIENCE;
  scale[0] = select(before, min(before * 2.0, LARGEST), grows);
  scale[1] = select(scale[1] + 1.0, 0.0, grows);
}
