// Picks the photos of a batch from the data set, normalises them, and while training changes them by the table of draw-changes.wgsl: moved by
// an affine map, recoloured, noisy, cut out, mixed with another photo of the batch. The same as src/core/kernels/batch/changed-photo.ts.
// images [ROWS H W C] (u8, four to a word), order [ROWS], classes [ROWS], changes [N 32]
// -> x [N H W C], labels [N], and for mixed photos the other's label others [N] and the own share shares [N]
#include "lib/index.wgsl"
#include "lib/step.wgsl"
#include "lib/philox.wgsl"
@group(0) @binding(0) var<storage, read> images: array<u32>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> classes: array<u32>;
@group(0) @binding(3) var<storage, read> changes: array<f32>;
@group(0) @binding(4) var<storage, read_write> x: array<f32>;
@group(0) @binding(5) var<storage, read_write> labels: array<u32>;
@group(0) @binding(6) var<storage, read_write> others: array<u32>;
@group(0) @binding(7) var<storage, read_write> shares: array<f32>;

const SCALES = vec4f(SCALE_0, SCALE_1, SCALE_2, SCALE_3);
const OFFSETS = vec4f(OFFSET_0, OFFSET_1, OFFSET_2, OFFSET_3);

fn row_at(n: u32) -> u32 {
  return order[step.batch_start + min(n, step.batch_count - 1u)];
}

fn pixel(row: u32, h: u32, v: u32) -> vec4f {
  var value = vec4f();
  for (var c = 0u; c < C; c++) {
    let index = ((row * H + h) * W + v) * C + c;
    value[c] = f32((images[index / 4u] >> ((index % 4u) * 8u)) & 255u);
  }
  return value;
}

// A place kept inside the photo by mirrors at its edges, so that the outermost pixel comes twice.
fn mirrored(place: i32, length: u32) -> u32 {
  let round = 2 * i32(length);
  let turn = ((place % round) + round) % round;
  return u32(select(round - 1 - turn, turn, turn < i32(length)));
}

fn between_pixels(row: u32, place: vec2f) -> vec4f {
  let corner = floor(place);
  let part = place - corner;
  let left = mirrored(i32(corner.x), W);
  let right = mirrored(i32(corner.x) + 1, W);
  let top = mirrored(i32(corner.y), H);
  let bottom = mirrored(i32(corner.y) + 1, H);
  let upper = mix(pixel(row, top, left), pixel(row, top, right), part.x);
  return mix(upper, mix(pixel(row, bottom, left), pixel(row, bottom, right), part.x), part.y);
}

fn recoloured(value: vec4f, at: u32) -> vec4f {
  if (C != 3u) {
    return changes[at] * value + changes[at + 3u];
  }
  var result = vec4f();
  for (var c = 0u; c < 3u; c++) {
    let row = at + 4u * c;
    result[c] = changes[row] * value.x + changes[row + 1u] * value.y + changes[row + 2u] * value.z + changes[row + 3u];
  }
  return result;
}

// Normal noise of value i of a photo (Box and Muller, two values from each pair of numbers).
fn gaussian(i: u32, seed: u32) -> f32 {
  let bits = philox(vec4u(i >> 2u, 0u, 0u, 0u), vec2u(seed, STREAM));
  let pair = select(bits.xy, bits.zw, (i & 2u) != 0u);
  let angle = 6.283185307179586 * unit(pair.y);
  return sqrt(-2.0 * log(1.0 - unit(pair.x))) * select(sin(angle), cos(angle), (i & 1u) == 0u);
}

fn changed(n: u32, h: u32, v: u32) -> vec4f {
  let at = n * 32u;
  let place = vec2f(f32(v), f32(h));
  if (place.x >= changes[at + 20u] && place.x < changes[at + 22u] && place.y >= changes[at + 21u] && place.y < changes[at + 23u]) {
    return vec4f(128.0);
  }
  let source = vec2f(
    changes[at] * place.x + changes[at + 1u] * place.y + changes[at + 2u],
    changes[at + 3u] * place.x + changes[at + 4u] * place.y + changes[at + 5u],
  );
  var value = clamp(recoloured(between_pixels(row_at(n), source), at + 6u), vec4f(0.0), vec4f(255.0));
  if (NOISE == 1u && changes[at + 18u] > 0.0) {
    for (var c = 0u; c < C; c++) {
      value[c] = clamp(value[c] + changes[at + 18u] * gaussian((h * W + v) * C + c, u32(changes[at + 19u])), 0.0, 255.0);
    }
  }
  return value;
}

// One photo of the batch as the net sees it, without the mixing.
fn looked(n: u32, h: u32, v: u32) -> vec4f {
  if (AUGMENT == 1u) {
    return changed(n, h, v) * SCALES + OFFSETS;
  }
  return fma(pixel(row_at(n), h, v), SCALES, OFFSETS);
}

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= N * H * W) {
    return;
  }
  let v = i % W;
  let h = (i / W) % H;
  let n = i / (W * H);
  let at = n * 32u;
  var value = looked(n, h, v);
  if (MIXED == 1u) {
    let place = vec2f(f32(v), f32(h));
    let pasted = place.x >= changes[at + 26u] && place.x < changes[at + 28u] && place.y >= changes[at + 27u] && place.y < changes[at + 29u];
    let share = select(changes[at + 30u], 0.0, pasted);
    if (share < 1.0) {
      value = mix(looked(u32(changes[at + 24u]), h, v), value, share);
    }
  }
  for (var c = 0u; c < C; c++) {
    x[i * C + c] = value[c];
  }
  if (i % (H * W) == 0u) {
    labels[n] = classes[row_at(n)];
    if (MIXED == 1u) {
      others[n] = classes[row_at(u32(changes[at + 24u]))];
      shares[n] = changes[at + 25u];
    }
  }
}
