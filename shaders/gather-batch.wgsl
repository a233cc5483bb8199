// Picks the photos of a batch from the data set, normalises them, and while training mirrors and shifts them.
// images [ROWS H W C] (u8, four to a word), order [ROWS], classes [ROWS] -> x [N H W C], labels [N]
#include "lib/index.wgsl"
#include "lib/step.wgsl"
#include "lib/philox.wgsl"
@group(0) @binding(0) var<storage, read> images: array<u32>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> classes: array<u32>;
@group(0) @binding(3) var<storage, read_write> x: array<f32>;
@group(0) @binding(4) var<storage, read_write> labels: array<u32>;

const SCALES = array<f32, 4>(SCALE_0, SCALE_1, SCALE_2, SCALE_3);
const OFFSETS = array<f32, 4>(OFFSET_0, OFFSET_1, OFFSET_2, OFFSET_3);

fn byte_at(index: u32) -> f32 {
  return f32((images[index / 4u] >> ((index % 4u) * 8u)) & 255u);
}

// A place moved by SHIFT at most and kept inside 0..length-1: the edge repeats.
fn moved(place: u32, by: u32, length: u32) -> u32 {
  return u32(clamp(i32(place + by) - i32(SHIFT), 0, i32(length) - 1));
}

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flat_index(id);
  if (i >= N * H * W * C) {
    return;
  }
  let c = i % C;
  var v = (i / C) % W;
  var h = (i / (C * W)) % H;
  let n = i / (C * W * H);
  let position = step.batch_start + min(n, step.batch_count - 1u);
  let row = order[position];
  if (AUGMENT == 1u) {
    let bits = philox(vec4u(position, 0u, step.epoch, 0u), vec2u(step.seed, STREAM));
    v = select(v, W - 1u - v, FLIP == 1u && (bits.x & 1u) == 1u);
    v = moved(v, bits.y % (2u * SHIFT + 1u), W);
    h = moved(h, bits.z % (2u * SHIFT + 1u), H);
  }
  x[i] = fma(byte_at(((row * H + h) * W + v) * C + c), SCALES[c], OFFSETS[c]);
  if (i % (H * W * C) == 0u) {
    labels[n] = classes[row];
  }
}
