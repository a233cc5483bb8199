// What changes from step to step; the same fields in the same order as src/core/kernels/step.ts. The binding comes from the prelude.
struct Step {
  seed: u32,
  step: u32,
  epoch: u32,
  batch_start: u32,
  batch_count: u32,
  rate: f32,
  correction1: f32,
  correction2: f32,
}
