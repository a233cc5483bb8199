// Four f32 at a time. Rows that are no multiple of four long are read past their end, which every buffer has room for,
// and stored value by value.

/** a * b + c, rounded once where the build has relaxed SIMD and the processor can. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c)
  return f32x4.add(f32x4.mul(a, b), c)
}

/** Stores the first `left` of four values, all of them where `left` is four or more. */
@inline
export function put(to: usize, values: v128, left: i32): void {
  if (left >= 4) v128.store(to, values)
  else putSome(to, values, left)
}

function putSome(to: usize, values: v128, left: i32): void {
  store<f32>(to, f32x4.extract_lane(values, 0))
  if (left > 1) store<f32>(to, f32x4.extract_lane(values, 1), 4)
  if (left > 2) store<f32>(to, f32x4.extract_lane(values, 2), 8)
}

/** The sum of the four values, in a fixed order. */
@inline
export function total(values: v128): f32 {
  return (
    f32x4.extract_lane(values, 0) +
    f32x4.extract_lane(values, 1) +
    (f32x4.extract_lane(values, 2) + f32x4.extract_lane(values, 3))
  )
}

/** max(value, 0) where `rectified` is 1. */
@inline
export function rectifiedIf(value: v128, rectified: i32): v128 {
  return rectified ? f32x4.max(value, f32x4.splat(0)) : value
}
