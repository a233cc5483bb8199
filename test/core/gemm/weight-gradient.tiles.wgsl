// 145 x 16 results, 100 slices of 784 terms each. Tile config: tiles 16 x 4, 4 x 1, depth 16.
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
var<workgroup> a_tile: array<vec4f, 256>;
var<workgroup> b_tile: array<vec4f, 64>;
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) me: u32) {
  let part = groups.z - 1u;
  let tile = (part * groups.y + group.y) * groups.x + group.x;
  if (group.z < part || tile >= 300u) { return; }
  let n0 = (tile % 1u) * 16u;
  let m0 = ((tile / 1u) % 3u) * 64u;
  let slice = tile / 3u;
  let row = me / 4u;
  let column = me % 4u;
  var c0_0 = vec4f();
  var c1_0 = vec4f();
  var c2_0 = vec4f();
  var c3_0 = vec4f();
  let a_e0 = me + 0u;
  let a_k0 = a_e0 / 16u;
  let a_own0 = a_own(m0 / 4u + a_e0 % 16u);
  let a_e1 = me + 64u;
  let a_k1 = a_e1 / 16u;
  let a_own1 = a_own(m0 / 4u + a_e1 % 16u);
  let a_e2 = me + 128u;
  let a_k2 = a_e2 / 16u;
  let a_own2 = a_own(m0 / 4u + a_e2 % 16u);
  let a_e3 = me + 192u;
  let a_k3 = a_e3 / 16u;
  let a_own3 = a_own(m0 / 4u + a_e3 % 16u);
  let b_e0 = me + 0u;
  let b_k0 = b_e0 / 4u;
  let b_own0 = b_own(n0 / 4u + b_e0 % 4u);
  for (var t = 0u; t < 49u; t++) {
    let k0 = slice * 784u + t * 16u;
    a_tile[a_e0] = a_load(a_own0, a_k(k0 + a_k0));
    a_tile[a_e1] = a_load(a_own1, a_k(k0 + a_k1));
    a_tile[a_e2] = a_load(a_own2, a_k(k0 + a_k2));
    a_tile[a_e3] = a_load(a_own3, a_k(k0 + a_k3));
    b_tile[b_e0] = b_load(b_own0, b_k(k0 + b_k0));
    workgroupBarrier();
    for (var q = 0u; q < 4u; q++) {
      let a0_0 = a_tile[(q * 4u + 0u) * 16u + row + 0u];
      let a1_0 = a_tile[(q * 4u + 1u) * 16u + row + 0u];
      let a2_0 = a_tile[(q * 4u + 2u) * 16u + row + 0u];
      let a3_0 = a_tile[(q * 4u + 3u) * 16u + row + 0u];
      let b0_0 = b_tile[(q * 4u + 0u) * 4u + column + 0u];
      let b1_0 = b_tile[(q * 4u + 1u) * 4u + column + 0u];
      let b2_0 = b_tile[(q * 4u + 2u) * 4u + column + 0u];
      let b3_0 = b_tile[(q * 4u + 3u) * 4u + column + 0u];
      let w0_0 = b0_0;
      c0_0 = fma(vec4f(a0_0.x), w0_0, c0_0);
      c1_0 = fma(vec4f(a0_0.y), w0_0, c1_0);
      c2_0 = fma(vec4f(a0_0.z), w0_0, c2_0);
      c3_0 = fma(vec4f(a0_0.w), w0_0, c3_0);
      let w1_0 = b1_0;
      c0_0 = fma(vec4f(a1_0.x), w1_0, c0_0);
      c1_0 = fma(vec4f(a1_0.y), w1_0, c1_0);
      c2_0 = fma(vec4f(a1_0.z), w1_0, c2_0);
      c3_0 = fma(vec4f(a1_0.w), w1_0, c3_0);
      let w2_0 = b2_0;
      c0_0 = fma(vec4f(a2_0.x), w2_0, c0_0);
      c1_0 = fma(vec4f(a2_0.y), w2_0, c1_0);
      c2_0 = fma(vec4f(a2_0.z), w2_0, c2_0);
      c3_0 = fma(vec4f(a2_0.w), w2_0, c3_0);
      let w3_0 = b3_0;
      c0_0 = fma(vec4f(a3_0.x), w3_0, c0_0);
      c1_0 = fma(vec4f(a3_0.y), w3_0, c1_0);
      c2_0 = fma(vec4f(a3_0.z), w3_0, c2_0);
      c3_0 = fma(vec4f(a3_0.w), w3_0, c3_0);
    }
    workgroupBarrier();
  }
  store(m0 + (row + 0u) * 4u + 0u, n0 / 4u + column + 0u, slice, c0_0);
  store(m0 + (row + 0u) * 4u + 1u, n0 / 4u + column + 0u, slice, c1_0);
  store(m0 + (row + 0u) * 4u + 2u, n0 / 4u + column + 0u, slice, c2_0);
  store(m0 + (row + 0u) * 4u + 3u, n0 / 4u + column + 0u, slice, c3_0);
}
