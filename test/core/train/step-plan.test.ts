// The course of a run by itself: how long it is, and what each step is given, whole and in parts.

import { expect, it } from 'vitest'
import { adam, cosine, sgd } from '../../../src/core/index.ts'
import { StepPlan } from '../../../src/core/train/steps/step-plan.ts'
import type { Snapshot } from '../../../src/core/train/snapshot.ts'

const settings = {
  trainRows: new Uint32Array(50),
  epochs: 3,
  seed: 5,
  learningRate: 0.1,
  schedule: cosine(),
  optimizer: adam(),
}
const halves = { part: 4, parts: 2 }

it('has whole steps alone, and as many as it was told to have', () => {
  const course = new StepPlan(settings, halves)
  expect(course).toMatchObject({ batchSize: 8, stepsPerEpoch: 6, steps: 18, epochs: 3 })
  expect([5, 6, 17].map(step => [course.epochOf(step), course.endOfEpoch(step)])).toEqual([
    [0, 6],
    [1, 12],
    [2, 18],
  ])
  const short = new StepPlan({ ...settings, steps: 8 }, halves)
  expect(short).toMatchObject({ steps: 8, epochs: 2 })
  expect(short.endOfEpoch(6)).toBe(8)
  expect(new StepPlan(settings, { part: 64, parts: 1 }).stepsPerEpoch).toBe(1)
})

it('gives a step its place in the order of its epoch, and a part its own photos and random numbers', () => {
  const course = new StepPlan(settings, halves)
  const values = course.valuesOf(8)
  expect(values).toMatchObject({
    seed: 5,
    step: 8,
    epoch: 1,
    batchStart: 16,
    batchCount: 4,
    correction1: 1 - 0.9 ** 9,
    correction2: 1 - 0.999 ** 9,
  })
  expect([0, 1].map(p => course.valuesOfPart(values, p))).toEqual([
    { ...values, step: 16, batchStart: 16 },
    { ...values, step: 17, batchStart: 20 },
  ])
})

it('goes on with the rate of a snapshot, and counts updates from where the moments were zero', () => {
  const from = {
    step: 12,
    moments: new Map([['adam.m', new Float32Array()]]),
    progress: { rateFactor: 0.5, momentsFrom: 6 },
  } as unknown as Snapshot
  const goesOn = new StepPlan({ ...settings, optimizer: { ...adam(), moments: ['adam.m'] }, from }, halves)
  const whole = new StepPlan(settings, halves)
  expect(goesOn.valuesOf(12).rate).toBe(whole.valuesOf(12).rate / 2)
  expect(goesOn.valuesOf(12).correction1).toBe(1 - 0.9 ** 7)
  expect(new StepPlan({ ...settings, optimizer: sgd(), from }, halves).momentsFrom).toBe(12)
})
