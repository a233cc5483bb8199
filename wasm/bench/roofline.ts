// What a thread's vector unit can do at most, and its memory. Compiled by test/bench/cpu/roofline.ts, no part of what is shipped.

/** `turns` times eight chains of relaxed multiply-adds of four f32: 64 operations a turn. The factors are read from
 *  memory, as constants would be made anew at every turn. */
export function multiplyAdds(turns: i32): f32 {
  const factor = v128.load(64)
  const term = v128.load(80)
  let a = f32x4.splat(0.5)
  let b = f32x4.splat(1.5)
  let c = f32x4.splat(2.5)
  let d = f32x4.splat(3.5)
  let e = f32x4.splat(4.5)
  let f = f32x4.splat(5.5)
  let g = f32x4.splat(6.5)
  let h = f32x4.splat(7.5)
  for (let i = 0; i < turns; i++) {
    a = f32x4.relaxed_madd(factor, term, a)
    b = f32x4.relaxed_madd(factor, term, b)
    c = f32x4.relaxed_madd(factor, term, c)
    d = f32x4.relaxed_madd(factor, term, d)
    e = f32x4.relaxed_madd(factor, term, e)
    f = f32x4.relaxed_madd(factor, term, f)
    g = f32x4.relaxed_madd(factor, term, g)
    h = f32x4.relaxed_madd(factor, term, h)
  }
  const sum = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(f32x4.add(e, f), f32x4.add(g, h)))
  return f32x4.extract_lane(sum, 0)
}

/** Copies `bytes` from the first half of the memory to the second. */
export function copy(from: usize, to: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 64) {
    v128.store(to + at, v128.load(from + at))
    v128.store(to + at, v128.load(from + at, 16), 16)
    v128.store(to + at, v128.load(from + at, 32), 32)
    v128.store(to + at, v128.load(from + at, 48), 48)
  }
}
