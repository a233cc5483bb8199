// Draws what each photo of the batch gets; src/core/kernels/batch/draw-changes.ts says what the 32 numbers are and draws the same.
// order [ROWS], numbers [ROWS] -> changes [N 32]
#include "lib/index.wgsl"
#include "lib/step.wgsl"
#include "lib/philox.wgsl"
@group(0) @binding(0) var<storage, read> order: array<u32>;
@group(0) @binding(1) var<storage, read> numbers: array<u32>;
@group(0) @binding(2) var<storage, read_write> changes: array<f32>;

const LUMA = vec3f(0.299, 0.587, 0.114);
const DEGREE = 0.017453292519943295;

fn draw(photo: u32, block: u32) -> vec4u {
  return philox(vec4u(photo, block, step.epoch, 0u), vec2u(step.seed, STREAM));
}

fn units(bits: vec4u) -> vec4f {
  return vec4f(unit(bits.x), unit(bits.y), unit(bits.z), unit(bits.w));
}

// The strength of a change, or what stands for none.
fn strength(photo: u32, kind: u32, chance: f32, low: f32, high: f32, none: f32) -> f32 {
  if (chance == 0.0) {
    return none;
  }
  let drawn = units(draw(photo, kind + 1u));
  return select(none, low + (high - low) * drawn.y, drawn.x < chance);
}

// Two rows of a map after another one.
fn inside(rows: mat2x3f, x: vec3f, y: vec3f) -> mat2x3f {
  return mat2x3f(
    rows[0].x * x + rows[0].y * y + vec3f(0.0, 0.0, rows[0].z),
    rows[1].x * x + rows[1].y * y + vec3f(0.0, 0.0, rows[1].z),
  );
}

fn placed(photo: u32) -> mat2x3f {
  var rows = mat2x3f(1.0, 0.0, 0.0, 0.0, 1.0, 0.0);
  let crop = units(draw(photo, 6u));
  if (crop.x < CHANCE_5) {
    let side = sqrt(LOW_5 + (HIGH_5 - LOW_5) * crop.y);
    rows = inside(rows, vec3f(side, 0.0, (crop.z - 0.5) * (1.0 - side)), vec3f(0.0, side, (crop.w - 0.5) * (1.0 - side)));
  }
  if (unit(draw(photo, 1u).x) < CHANCE_0) {
    rows = inside(rows, vec3f(-1.0, 0.0, 0.0), vec3f(0.0, 1.0, 0.0));
  }
  if (unit(draw(photo, 2u).x) < CHANCE_1) {
    rows = inside(rows, vec3f(1.0, 0.0, 0.0), vec3f(0.0, -1.0, 0.0));
  }
  let scale = 1.0 / strength(photo, 4u, CHANCE_4, LOW_4, HIGH_4, 1.0);
  rows = inside(rows, vec3f(scale, 0.0, 0.0), vec3f(0.0, scale, 0.0));
  let angle = DEGREE * strength(photo, 2u, CHANCE_2, LOW_2, HIGH_2, 0.0);
  let aspect = f32(W) / f32(H);
  rows = inside(rows, vec3f(cos(angle), sin(angle) / aspect, 0.0), vec3f(-sin(angle) * aspect, cos(angle), 0.0));
  let shift = units(draw(photo, 4u));
  if (shift.x < CHANCE_3) {
    rows = inside(rows, vec3f(1.0, 0.0, -(LOW_3 + (HIGH_3 - LOW_3) * shift.y)), vec3f(0.0, 1.0, -(LOW_3 + (HIGH_3 - LOW_3) * shift.z)));
  }
  return rows;
}

// From fractions of the sides about the centre to pixels from the corner.
fn in_pixels(rows: mat2x3f) -> mat2x3f {
  let width = f32(W);
  let height = f32(H);
  let across = rows[0].y * width / height;
  let down = rows[1].x * height / width;
  let middle = vec2f(0.5 * width - 0.5, 0.5 * height - 0.5);
  return mat2x3f(
    rows[0].x, across, rows[0].z * width + middle.x - rows[0].x * middle.x - across * middle.y,
    down, rows[1].y, rows[1].z * height + middle.y - down * middle.x - rows[1].y * middle.y,
  );
}

// Turns the plane of the colour differences.
fn hue_rows(degrees: f32) -> mat3x3f {
  let turn = vec2f(cos(DEGREE * degrees), sin(DEGREE * degrees));
  let from_red = vec3f(1.0, 0.0, 0.0) - LUMA;
  let from_blue = vec3f(0.0, 0.0, 1.0) - LUMA;
  let red = turn.x * from_red - turn.y * from_blue;
  let blue = turn.x * from_blue + turn.y * from_red;
  let green = -(LUMA.x * red + LUMA.z * blue) / LUMA.y;
  return mat3x3f(LUMA + red, LUMA + green, LUMA + blue);
}

fn write_colours(photo: u32, at: u32) {
  let brightness = strength(photo, 6u, CHANCE_6, LOW_6, HIGH_6, 1.0);
  let contrast = strength(photo, 7u, CHANCE_7, LOW_7, HIGH_7, 1.0);
  let gain = brightness * contrast;
  let offset = 127.5 * (1.0 - contrast);
  if (C != 3u) {
    changes[at] = gain;
    changes[at + 3u] = offset;
    return;
  }
  let saturation = strength(photo, 8u, CHANCE_8, LOW_8, HIGH_8, 1.0);
  let rows = hue_rows(strength(photo, 9u, CHANCE_9, LOW_9, HIGH_9, 0.0));
  for (var c = 0u; c < 3u; c++) {
    let row = gain * (LUMA + saturation * (rows[c] - LUMA));
    changes[at + 4u * c] = row.x;
    changes[at + 4u * c + 1u] = row.y;
    changes[at + 4u * c + 2u] = row.z;
    changes[at + 4u * c + 3u] = offset;
  }
}

fn write_spoils(photo: u32, at: u32) {
  let noise = units(draw(photo, 13u));
  let noisy = noise.x < CHANCE_12;
  changes[at] = select(0.0, 255.0 * (LOW_12 + (HIGH_12 - LOW_12) * noise.y), noisy);
  changes[at + 1u] = select(0.0, noise.z * 16777216.0, noisy);
  let cut = units(draw(photo, 14u));
  var rectangle = vec4f();
  if (cut.x < CHANCE_13) {
    let side = LOW_13 + (HIGH_13 - LOW_13) * cut.y;
    let lengths = vec2f(f32(W), f32(H));
    let sides = max(vec2f(1.0), floor(side * lengths + 0.5));
    let corner = floor(cut.zw * (lengths - sides + 1.0));
    rectangle = vec4f(corner, corner + sides);
  }
  for (var i = 0u; i < 4u; i++) {
    changes[at + 2u + i] = rectangle[i];
  }
}

fn write_mixing(photo: u32, n: u32, at: u32) {
  var other = n;
  var share = 1.0;
  var outside = 1.0;
  var rectangle = vec4u();
  if ((MIXUP > 0.0 || CUTMIX == 1u) && step.batch_count > 1u) {
    let first = draw(photo, 20u);
    let second = draw(photo, 21u);
    other = (n + 1u + first.x % (step.batch_count - 1u)) % step.batch_count;
    if (CUTMIX != 1u || (MIXUP > 0.0 && (first.y & 1u) == 0u)) {
      share = 1.0 - MIXUP * unit(second.z);
      outside = share;
    } else {
      let tall = first.z % (H / 2u + 1u);
      let wide = first.w % (W / 2u + 1u);
      let corner = vec2u(second.y % (W - wide + 1u), second.x % (H - tall + 1u));
      share = 1.0 - f32(tall * wide) / f32(H * W);
      rectangle = vec4u(corner, corner + vec2u(wide, tall));
    }
  }
  changes[at] = f32(other);
  changes[at + 1u] = share;
  for (var i = 0u; i < 4u; i++) {
    changes[at + 2u + i] = f32(rectangle[i]);
  }
  changes[at + 6u] = outside;
}

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = flat_index(id, groups);
  if (n >= N) {
    return;
  }
  let photo = numbers[order[step.batch_start + min(n, step.batch_count - 1u)]];
  let at = n * 32u;
  let rows = in_pixels(placed(photo));
  for (var i = 0u; i < 3u; i++) {
    changes[at + i] = rows[0][i];
    changes[at + 3u + i] = rows[1][i];
  }
  write_colours(photo, at + 6u);
  write_spoils(photo, at + 18u);
  write_mixing(photo, n, at + 24u);
}
