// The values of the step that runs, at a fixed place of the memory: the layout of writeStep (src/core/gpu/step.ts).

const at: usize = 64

// @ts-ignore: decorator
@inline
export function stepSeed(): u32 {
  return load<u32>(at)
}
// @ts-ignore: decorator
@inline
export function stepNumber(): u32 {
  return load<u32>(at, 4)
}
// @ts-ignore: decorator
@inline
export function stepEpoch(): u32 {
  return load<u32>(at, 8)
}
// @ts-ignore: decorator
@inline
export function batchStart(): i32 {
  return load<i32>(at, 12)
}
// @ts-ignore: decorator
@inline
export function batchCount(): i32 {
  return load<i32>(at, 16)
}
// @ts-ignore: decorator
@inline
export function stepRate(): f32 {
  return load<f32>(at, 20)
}
// @ts-ignore: decorator
@inline
export function correction1(): f32 {
  return load<f32>(at, 24)
}
// @ts-ignore: decorator
@inline
export function correction2(): f32 {
  return load<f32>(at, 28)
}
