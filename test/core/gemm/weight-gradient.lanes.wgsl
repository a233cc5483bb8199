// 145 x 16 results, 100 slices of 784 terms each. Tile config: lanes 8 x 4 x 4 step 4.
enable subgroups;
@group(0) @binding(2) var<storage, read_write> dw: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> db: array<vec4f>;
fn store(m: u32, n: u32, slice: u32, value: vec4f) {
  if (n >= 4u) { return; }
  if (m == 144u) { db[slice * 16u + n] = value; }
  if (m >= 144u) { return; }
  let at = slice * 576u + m * 4u + n;
  var result = value;
  dw[at] = result;
}
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
fn a_corner(row: u32, column: u32) -> vec2u { return vec2u(row * 1u - 1u, column * 1u - 1u); }
fn a_under(corner: vec2u, r: u32, s: u32) -> vec2u { return corner + vec2u(r * 1u, s * 1u); }
fn a_pixel(i: u32) -> vec3u {
  let corner = a_corner((i / 28u) % 28u, i % 28u);
  return vec3u((i / 784u) * 28u, select(vec2u(0x7fffffffu), corner, i < 78400u));
}
fn a_tap(i: u32) -> vec3u {
  let tap = vec3u(i / 12u, (i / 4u) % 3u, i % 4u);
  if (i == 36u) { return vec3u(0x7ffeu, 0u, 0u); }
  return select(vec3u(0x7fffu, 0u, 0u), tap, i < 36u);
}
fn a_own(i: u32) -> vec3u { return a_tap(i); }
fn a_k(k: u32) -> vec3u { return a_pixel(k); }
fn a_load(tap: vec3u, pixel: vec3u) -> vec4f {
  let under = a_under(pixel.yz, tap.x, tap.y);
  let inside = under.x < 28u && under.y < 28u;
  let at = select(0u, ((pixel.x + under.x) * 28u + under.y) * 4u + tap.z, inside);
  let value = select(vec4f(), x[at], inside);
  return select(value, vec4f(1.0, 0.0, 0.0, 0.0), tap.x == 0x7ffeu);
}
@group(0) @binding(1) var<storage, read> dy: array<vec4f>;
fn b_own(i: u32) -> u32 { return min(i, 3u); }
fn b_k(k: u32) -> vec2u { return vec2u(min(k, 78399u) * 4u, u32(k < 78400u)); }
fn b_load(own: u32, k: vec2u) -> vec4f {
  return select(vec4f(), dy[own + k.x], k.y == 1u);
}
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(subgroup_invocation_id) lane: u32) {
  let part = groups.z - 1u;
  let tile = (part * groups.y + group.y) * groups.x + group.x;
  if (group.z < part || tile >= 500u) { return; }
  let n0 = (tile % 1u) * 16u;
  let m0 = ((tile / 1u) % 5u) * 32u;
  let slice = tile / 5u;
  let a_own0 = a_own(m0 / 4u + 0u + lane);
  let b_own0 = b_own(n0 / 4u + (0u + lane) % 4u);
  let b_own1 = b_own(n0 / 4u + (8u + lane) % 4u);
  var c0_0 = vec4f();
  var c0_1 = vec4f();
  var c0_2 = vec4f();
  var c0_3 = vec4f();
  var c1_0 = vec4f();
  var c1_1 = vec4f();
  var c1_2 = vec4f();
  var c1_3 = vec4f();
  var c2_0 = vec4f();
  var c2_1 = vec4f();
  var c2_2 = vec4f();
  var c2_3 = vec4f();
  var c3_0 = vec4f();
  var c3_1 = vec4f();
  var c3_2 = vec4f();
  var c3_3 = vec4f();
  for (var t = 0u; t < 196u; t++) {
    let k0 = slice * 784u + t * 4u;
    let a_at0 = a_k(k0 + 0u);
    let a0_0 = a_load(a_own0, a_at0);
    let a_at1 = a_k(k0 + 1u);
    let a1_0 = a_load(a_own0, a_at1);
    let a_at2 = a_k(k0 + 2u);
    let a2_0 = a_load(a_own0, a_at2);
    let a_at3 = a_k(k0 + 3u);
    let a3_0 = a_load(a_own0, a_at3);
    let b0 = b_load(b_own0, b_k(k0 + (0u + lane) / 4u));
    let b1 = b_load(b_own1, b_k(k0 + (8u + lane) / 4u));
    let w0_0 = subgroupBroadcast(b0, 0u);
    c0_0 = fma(vec4f(a0_0.x), w0_0, c0_0);
    c1_0 = fma(vec4f(a0_0.y), w0_0, c1_0);
    c2_0 = fma(vec4f(a0_0.z), w0_0, c2_0);
    c3_0 = fma(vec4f(a0_0.w), w0_0, c3_0);
    let w0_1 = subgroupBroadcast(b0, 1u);
    c0_1 = fma(vec4f(a0_0.x), w0_1, c0_1);
    c1_1 = fma(vec4f(a0_0.y), w0_1, c1_1);
    c2_1 = fma(vec4f(a0_0.z), w0_1, c2_1);
    c3_1 = fma(vec4f(a0_0.w), w0_1, c3_1);
    let w0_2 = subgroupBroadcast(b0, 2u);
    c0_2 = fma(vec4f(a0_0.x), w0_2, c0_2);
    c1_2 = fma(vec4f(a0_0.y), w0_2, c1_2);
    c2_2 = fma(vec4f(a0_0.z), w0_2, c2_2);
    c3_2 = fma(vec4f(a0_0.w), w0_2, c3_2);
    let w0_3 = subgroupBroadcast(b0, 3u);
    c0_3 = fma(vec4f(a0_0.x), w0_3, c0_3);
    c1_3 = fma(vec4f(a0_0.y), w0_3, c1_3);
    c2_3 = fma(vec4f(a0_0.z), w0_3, c2_3);
    c3_3 = fma(vec4f(a0_0.w), w0_3, c3_3);
    let w1_0 = subgroupBroadcast(b0, 4u);
    c0_0 = fma(vec4f(a1_0.x), w1_0, c0_0);
    c1_0 = fma(vec4f(a1_0.y), w1_0, c1_0);
    c2_0 = fma(vec4f(a1_0.z), w1_0, c2_0);
    c3_0 = fma(vec4f(a1_0.w), w1_0, c3_0);
    let w1_1 = subgroupBroadcast(b0, 5u);
    c0_1 = fma(vec4f(a1_0.x), w1_1, c0_1);
    c1_1 = fma(vec4f(a1_0.y), w1_1, c1_1);
    c2_1 = fma(vec4f(a1_0.z), w1_1, c2_1);
    c3_1 = fma(vec4f(a1_0.w), w1_1, c3_1);
    let w1_2 = subgroupBroadcast(b0, 6u);
    c0_2 = fma(vec4f(a1_0.x), w1_2, c0_2);
    c1_2 = fma(vec4f(a1_0.y), w1_2, c1_2);
    c2_2 = fma(vec4f(a1_0.z), w1_2, c2_2);
    c3_2 = fma(vec4f(a1_0.w), w1_2, c3_2);
    let w1_3 = subgroupBroadcast(b0, 7u);
    c0_3 = fma(vec4f(a1_0.x), w1_3, c0_3);
    c1_3 = fma(vec4f(a1_0.y), w1_3, c1_3);
    c2_3 = fma(vec4f(a1_0.z), w1_3, c2_3);
    c3_3 = fma(vec4f(a1_0.w), w1_3, c3_3);
    let w2_0 = subgroupBroadcast(b1, 0u);
    c0_0 = fma(vec4f(a2_0.x), w2_0, c0_0);
    c1_0 = fma(vec4f(a2_0.y), w2_0, c1_0);
    c2_0 = fma(vec4f(a2_0.z), w2_0, c2_0);
    c3_0 = fma(vec4f(a2_0.w), w2_0, c3_0);
    let w2_1 = subgroupBroadcast(b1, 1u);
    c0_1 = fma(vec4f(a2_0.x), w2_1, c0_1);
    c1_1 = fma(vec4f(a2_0.y), w2_1, c1_1);
    c2_1 = fma(vec4f(a2_0.z), w2_1, c2_1);
    c3_1 = fma(vec4f(a2_0.w), w2_1, c3_1);
    let w2_2 = subgroupBroadcast(b1, 2u);
    c0_2 = fma(vec4f(a2_0.x), w2_2, c0_2);
    c1_2 = fma(vec4f(a2_0.y), w2_2, c1_2);
    c2_2 = fma(vec4f(a2_0.z), w2_2, c2_2);
    c3_2 = fma(vec4f(a2_0.w), w2_2, c3_2);
    let w2_3 = subgroupBroadcast(b1, 3u);
    c0_3 = fma(vec4f(a2_0.x), w2_3, c0_3);
    c1_3 = fma(vec4f(a2_0.y), w2_3, c1_3);
    c2_3 = fma(vec4f(a2_0.z), w2_3, c2_3);
    c3_3 = fma(vec4f(a2_0.w), w2_3, c3_3);
    let w3_0 = subgroupBroadcast(b1, 4u);
    c0_0 = fma(vec4f(a3_0.x), w3_0, c0_0);
    c1_0 = fma(vec4f(a3_0.y), w3_0, c1_0);
    c2_0 = fma(vec4f(a3_0.z), w3_0, c2_0);
    c3_0 = fma(vec4f(a3_0.w), w3_0, c3_0);
    let w3_1 = subgroupBroadcast(b1, 5u);
    c0_1 = fma(vec4f(a3_0.x), w3_1, c0_1);
    c1_1 = fma(vec4f(a3_0.y), w3_1, c1_1);
    c2_1 = fma(vec4f(a3_0.z), w3_1, c2_1);
    c3_1 = fma(vec4f(a3_0.w), w3_1, c3_1);
    let w3_2 = subgroupBroadcast(b1, 6u);
    c0_2 = fma(vec4f(a3_0.x), w3_2, c0_2);
    c1_2 = fma(vec4f(a3_0.y), w3_2, c1_2);
    c2_2 = fma(vec4f(a3_0.z), w3_2, c2_2);
    c3_2 = fma(vec4f(a3_0.w), w3_2, c3_2);
    let w3_3 = subgroupBroadcast(b1, 7u);
    c0_3 = fma(vec4f(a3_0.x), w3_3, c0_3);
    c1_3 = fma(vec4f(a3_0.y), w3_3, c1_3);
    c2_3 = fma(vec4f(a3_0.z), w3_3, c2_3);
    c3_3 = fma(vec4f(a3_0.w), w3_3, c3_3);
  }
  var sums = array<vec4f, 16>(c0_0, c0_1, c0_2, c0_3, c1_0, c1_1, c1_2, c1_3, c2_0, c2_1, c2_2, c2_3, c3_0, c3_1, c3_2, c3_3);
  for (var i = 0u; i < 16u + group.z - part; i++) { store(m0 + (i / 16u * 8u + lane) * 4u + i / 4u % 4u, n0 / 4u + i % 4u, slice, sums[i]); }
}
