// The values of the step that runs, at a fixed place of the memory: the layout of writeStep (src/core/gpu/step.ts).

const at: usize = 64

@inline
export function stepSeed(): u32 {
  return load<u32>(at)
}
@inline
export function stepNumber(): u32 {
  return load<u32>(at, 4)
}
@inline
export function stepEpoch(): u32 {
  return load<u32>(at, 8)
}
@inline
export function batchStart(): i32 {
  return load<i32>(at, 12)
}
@inline
export function batchCount(): i32 {
  return load<i32>(at, 16)
}
@inline
export function stepRate(): f32 {
  return load<f32>(at, 20)
}
@inline
export function correction1(): f32 {
  return load<f32>(at, 24)
}
@inline
export function correction2(): f32 {
  return load<f32>(at, 28)
}
