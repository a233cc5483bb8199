// Photos, what is wrong with them, duplicates of them, and which of them are meant.

import { z } from 'zod'
import { problemCodes } from '../problems.ts'

export const SplitName = z.enum(['train', 'validation', 'test'])
export type SplitName = z.infer<typeof SplitName>

/** What can be wrong with a file or photo (problems.ts). */
export const ProblemCode = z.enum(problemCodes)
export type ProblemCode = z.infer<typeof ProblemCode>

/** `reason` is a sentence in English; the page translates by `code` and `values`. Score is 0 (bad) to 1 (good). */
export const Problem = z.object({
  code: ProblemCode,
  reason: z.string(),
  score: z.number().nullable(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
  /** A person has said "it is fine" (problems.accept). Absent: not. */
  accepted: z.boolean().optional(),
})
export type Problem = z.infer<typeof Problem>

/** What the run asked about says of a photo. `confidence` belongs to `classId`, `givenProbability` to the photo's label:
 *  null where that is not the one that the run saw (`seen`, with what the run makes of it). */
export const Prediction = z.object({
  runId: z.number().int(),
  classId: z.number().int(),
  className: z.string(),
  confidence: z.number(),
  givenProbability: z.number().nullable(),
  seen: z.object({ classId: z.number().int(), probability: z.number() }),
})
export type Prediction = z.infer<typeof Prediction>

export const Photo = z.object({
  id: z.number().int(),
  name: z.string(),
  folder: z.string(),
  classId: z.number().int().nullable(),
  className: z.string().nullable(),
  split: SplitName.nullable(),
  excluded: z.boolean(),
  usable: z.boolean(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  format: z.string().nullable(),
  sizeBytes: z.number().int(),
  problems: z.array(Problem),
  prediction: Prediction.nullable(),
})
export type Photo = z.infer<typeof Photo>

/** From 0 (bad) to 1 (good), with cleanvision's definitions but for sharpness and, unless it is asked for, odd size;
 *  `grey`: R = G = B everywhere. Odd size is null before the
 *  first check. */
export const Scores = z.object({
  dark: z.number(),
  light: z.number(),
  /** At the photo's own scale; null where that cannot be told, or was not yet. */
  sharpness: z.number().nullable(),
  blurry: z.number(),
  lowInformation: z.number(),
  oddAspect: z.number(),
  oddSize: z.number().nullable(),
  grey: z.boolean(),
})
export type Scores = z.infer<typeof Scores>

const limit = z.number().min(0).max(1)
/** A photo is flagged where its score is below. */
export const Thresholds = z.object({
  dark: limit,
  light: limit,
  sharpness: limit,
  blurry: limit,
  lowInformation: limit,
  oddAspect: limit,
  oddSize: limit,
})
export type Thresholds = z.infer<typeof Thresholds>

export const PhotoDetail = Photo.extend({
  history: z.array(
    z.object({ at: z.string(), text: z.string(), kind: z.string(), values: z.record(z.string(), z.string()) }),
  ),
  sha256: z.string().nullable(),
  /** Where the newest run put it, whether or not it has a split of its own; null where it was not in it. */
  runSplit: SplitName.nullable(),
  scores: Scores.nullable(),
})
export type PhotoDetail = z.infer<typeof PhotoDetail>

/** Duplicates of one picture. `distance`: bits of 64 between a member's hash and the keeper's; `turned`: alike only
 *  when mirrored or turned. Labels differ: conflicting; splits: leaking. */
export const DuplicateGroup = z.object({
  keeper: Photo,
  members: z.array(z.object({ photo: Photo, distance: z.number().int(), exact: z.boolean(), turned: z.boolean() })),
  conflicting: z.boolean(),
  leaking: z.boolean(),
})
export type DuplicateGroup = z.infer<typeof DuplicateGroup>

/** Which photos. All fields narrow; an absent field does not. `wrong`, `givenClassId`, `predictedClassId`, the confidences
 *  and `runSplit` need `runId` (default: the latest run). */
export const PhotoFilter = z.object({
  classId: z.number().int().nullable().optional(),
  split: SplitName.nullable().optional(),
  problem: z.union([ProblemCode, z.literal('any')]).optional(),
  excluded: z.boolean().optional(),
  usable: z.boolean().optional(),
  text: z.string().max(200).optional(),
  runId: z.number().int().optional(),
  wrong: z.boolean().optional(),
  /** The label that the run saw, whatever the photo's is now. */
  givenClassId: z.number().int().optional(),
  predictedClassId: z.number().int().optional(),
  /** Of the run's answer: at least, and less than. */
  confidenceFrom: z.number().min(0).max(1).optional(),
  confidenceBelow: z.number().min(0).max(1).optional(),
  /** The split that the run gave it, which a photo without one of its own has only there. */
  runSplit: SplitName.optional(),
})
export type PhotoFilter = z.infer<typeof PhotoFilter>

export const PhotoSort = z.enum(['added', 'name', 'class', 'confidence', 'suspicion'])
export type PhotoSort = z.infer<typeof PhotoSort>

/** A selection is a list of ids or a query, so that "all 12,430" costs one small request, also without a few of them.
 */
export const Selection = z.union([
  z.object({ ids: z.array(z.number().int()).min(1).max(10_000) }),
  z.object({ filter: PhotoFilter, except: z.array(z.number().int()).min(1).max(10_000).optional() }),
])
export type Selection = z.infer<typeof Selection>
