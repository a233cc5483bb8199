// Training runs: their rows, and what they tell.

import { z } from 'zod'
import { SplitName } from './photos.ts'
import { RunSettings } from './run-settings.ts'

/** What computes: a graphics card, software that pretends to be one, or the processor itself. */
export const DeviceKind = z.enum(['gpu', 'software', 'cpu'])
export type DeviceKind = z.infer<typeof DeviceKind>

export const RunState = z.enum(['created', 'running', 'done', 'stopped', 'failed'])
export type RunState = z.infer<typeof RunState>
export const RunSummary = z.object({
  epochs: z.number().int(),
  steps: z.number().int(),
  seconds: z.number(),
  adapter: z.string(),
  trainLoss: z.number().nullable(),
  validationAccuracy: z.number().nullable(),
  validationLoss: z.number().nullable(),
  testAccuracy: z.number().nullable(),
})
export type RunSummary = z.infer<typeof RunSummary>

export const Run = z.object({
  id: z.number().int(),
  name: z.string(),
  state: RunState,
  createdAt: z.string(),
  settings: RunSettings,
  labelRevision: z.number().int(),
  classes: z.array(z.object({ id: z.number().int(), name: z.string() })),
  photos: z.object({ train: z.number().int(), validation: z.number().int(), test: z.number().int() }),
  summary: RunSummary.nullable(),
  error: z.object({ code: z.string(), message: z.string(), fix: z.string() }).nullable(),
})
export type Run = z.infer<typeof Run>

/** The rows of a run in a fixed order (by split, then by path as of its making). labels[i] indexes the run's classes;
 *  splits: 0 train, 1 validation, 2 test. */
export const RunRows = z.object({
  photoIds: z.array(z.number().int()),
  labels: z.array(z.number().int()),
  splits: z.array(z.number().int().min(0).max(2)),
  /** The first 32 bits of each file's SHA-256: by them a photo's random changes are drawn. */
  numbers: z.array(z.number().int()),
})
export type RunRows = z.infer<typeof RunRows>

/** One event of a run, in order. The trainer makes them, the service keeps them, the page folds them. See
 *  docs/events.md. */
export const RunEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('started'),
    adapter: z.string(),
    software: z.boolean(),
    parameters: z.number(),
    stepsPerEpoch: z.number(),
    epochs: z.number(),
    batch: z.number(),
    at: z.string(),
    /** Steps of the whole run; logs of earlier versions lack it. */
    steps: z.number().optional(),
  }),
  z.object({
    type: z.literal('step'),
    step: z.number(),
    epoch: z.number(),
    loss: z.number(),
    accuracy: z.number(),
    rate: z.number(),
    stepsPerSecond: z.number(),
    secondsLeft: z.number().nullable(),
  }),
  z.object({
    type: z.literal('evaluated'),
    step: z.number(),
    epoch: z.number(),
    split: SplitName,
    loss: z.number(),
    accuracy: z.number(),
    photos: z.number(),
    complete: z.boolean(),
  }),
  // rows index the run's rows, classes its classes
  z.object({
    type: z.literal('predictions'),
    step: z.number(),
    epoch: z.number(),
    rows: z.array(z.number().int()),
    classes: z.array(z.number().int()),
    confidences: z.array(z.number()),
  }),
  z.object({
    type: z.literal('note'),
    code: z.string(),
    message: z.string(),
    step: z.number(),
    /** Something went wrong on the way; absent for a plain remark, and in logs of earlier versions. */
    warning: z.boolean().optional(),
  }),
  z.object({ type: z.literal('checkpoint'), step: z.number(), epoch: z.number(), kind: z.enum(['best', 'last']) }),
  z.object({ type: z.literal('ended'), state: RunState, step: z.number(), epoch: z.number(), seconds: z.number() }),
])
export type RunEvent = z.infer<typeof RunEvent>
