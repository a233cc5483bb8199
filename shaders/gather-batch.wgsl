// Picks the photos of a batch from the data set, normalises them, and while training changes them at random: mirrored, moved, turned,
// zoomed, cropped, recoloured, cut out, noisy, mixed with another photo of the batch. The same draws as src/core/ops/augment.ts.
// images [ROWS H W C] (u8, four to a word), order [ROWS], classes [ROWS]
// -> x [N H W C], labels [N], and for mixed photos the other's label others [N] and the own share shares [N]
#include "lib/index.wgsl"
#include "lib/step.wgsl"
#include "lib/philox.wgsl"
@group(0) @binding(0) var<storage, read> images: array<u32>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> classes: array<u32>;
@group(0) @binding(3) var<storage, read_write> x: array<f32>;
@group(0) @binding(4) var<storage, read_write> labels: array<u32>;
@group(0) @binding(5) var<storage, read_write> others: array<u32>;
@group(0) @binding(6) var<storage, read_write> shares: array<f32>;

const SCALES = array<f32, 4>(SCALE_0, SCALE_1, SCALE_2, SCALE_3);
const OFFSETS = array<f32, 4>(OFFSET_0, OFFSET_1, OFFSET_2, OFFSET_3);

fn draws(position: u32, block: u32) -> vec4u {
  return philox(vec4u(position, block, step.epoch, 0u), vec2u(step.seed, STREAM));
}

// A u32 as a number in [-1, 1).
fn around(bits: u32) -> f32 {
  return 2.0 * unit(bits) - 1.0;
}

fn pixel(row: u32, h: i32, v: i32, c: u32) -> f32 {
  let index = ((row * H + u32(clamp(h, 0, i32(H) - 1))) * W + u32(clamp(v, 0, i32(W) - 1))) * C + c;
  return f32((images[index / 4u] >> ((index % 4u) * 8u)) & 255u);
}

fn between_pixels(row: u32, h: f32, v: f32, c: u32) -> f32 {
  let top = i32(floor(h));
  let left = i32(floor(v));
  let down = h - floor(h);
  let right = v - floor(v);
  let upper = mix(pixel(row, top, left, c), pixel(row, top, left + 1, c), right);
  let lower = mix(pixel(row, top + 1, left, c), pixel(row, top + 1, left + 1, c), right);
  return mix(upper, lower, down);
}

// The photo at an output place after everything that moves pixels.
fn moved(row: u32, position: u32, h: u32, v: u32, c: u32) -> f32 {
  let first = draws(position, 0u);
  let mirrored = select(v, W - 1u - v, FLIP == 1u && (first.x & 1u) == 1u);
  let across = i32(mirrored + first.y % (2u * SHIFT + 1u)) - i32(SHIFT);
  let down = i32(h + first.z % (2u * SHIFT + 1u)) - i32(SHIFT);
  if (TURNS == 0u) {
    return pixel(row, down, across, c);
  }
  let second = draws(position, 1u);
  let third = draws(position, 2u);
  let angle = ANGLE * around(first.w);
  let cropped = CROP * unit(third.x);
  let zoom = exp(LOG_ZOOM * around(second.x)) * (1.0 - cropped);
  let middle = vec2f(f32(H) - 1.0, f32(W) - 1.0) * 0.5;
  let place = vec2f(f32(down), f32(across)) - middle;
  let turned = vec2f(cos(angle) * place.x - sin(angle) * place.y, sin(angle) * place.x + cos(angle) * place.y) * zoom;
  let source = turned + middle + 0.5 * cropped * vec2f(f32(H), f32(W)) * vec2f(around(third.y), around(third.z));
  return between_pixels(row, source.x, source.y, c);
}

fn is_cut_out(position: u32, h: u32, v: u32) -> bool {
  let fourth = draws(position, 3u);
  return CUTOUT > 0u && h - fourth.x % H + CUTOUT / 2u < CUTOUT && v - fourth.y % W + CUTOUT / 2u < CUTOUT;
}

// One photo of the batch as the net sees it, without the mixing.
fn looked(position: u32, h: u32, v: u32, c: u32) -> f32 {
  let row = order[position];
  if (AUGMENT == 0u) {
    return fma(pixel(row, i32(h), i32(v), c), SCALES[c], OFFSETS[c]);
  }
  if (is_cut_out(position, h, v)) {
    return 0.0;
  }
  var value = moved(row, position, h, v, c);
  if (COLOURS == 1u) {
    let second = draws(position, 1u);
    if (C == 3u) {
      let grey = 0.299 * moved(row, position, h, v, 0u) + 0.587 * moved(row, position, h, v, 1u) + 0.114 * moved(row, position, h, v, 2u);
      value = grey + (value - grey) * (1.0 + SATURATION * around(second.w));
    }
    value = (value - 127.5) * (1.0 + CONTRAST * around(second.z)) + 127.5 + 255.0 * BRIGHTNESS * around(second.y);
  }
  if (NOISE > 0.0) {
    let bits = philox(vec4u((h * W + v) * C + c, position + 16u, step.epoch, 1u), vec2u(step.seed, STREAM));
    value += 255.0 * NOISE * sqrt(-2.0 * log(1.0 - unit(bits.x))) * cos(6.2831853 * unit(bits.y));
  }
  return fma(select(value, clamp(value, 0.0, 255.0), COLOURS == 1u || NOISE > 0.0), SCALES[c], OFFSETS[c]);
}

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flat_index(id);
  if (i >= N * H * W * C) {
    return;
  }
  let c = i % C;
  let v = (i / C) % W;
  let h = (i / (C * W)) % H;
  let n = i / (C * W * H);
  let position = step.batch_start + min(n, step.batch_count - 1u);
  var value = looked(position, h, v, c);
  var share = 1.0;
  var other = position;
  if (AUGMENT == 1u && (MIXUP > 0.0 || CUTMIX == 1u) && step.batch_count > 1u) {
    let fifth = draws(position, 4u);
    let sixth = draws(position, 5u);
    other = step.batch_start + (position - step.batch_start + 1u + fifth.x % (step.batch_count - 1u)) % step.batch_count;
    if (CUTMIX == 1u && (MIXUP == 0.0 || (fifth.y & 1u) == 1u)) {
      let tall = fifth.z % (H / 2u + 1u);
      let wide = fifth.w % (W / 2u + 1u);
      share = 1.0 - f32(tall * wide) / f32(H * W);
      if (h - sixth.x % (H - tall + 1u) < tall && v - sixth.y % (W - wide + 1u) < wide) {
        value = looked(other, h, v, c);
      }
    } else {
      share = 1.0 - MIXUP * unit(sixth.z);
      value = mix(looked(other, h, v, c), value, share);
    }
  }
  x[i] = value;
  if (i % (H * W * C) == 0u) {
    labels[n] = classes[order[position]];
    others[n] = classes[order[other]];
    shares[n] = share;
  }
}
