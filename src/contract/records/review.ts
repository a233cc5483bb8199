// How good a run is, and which labels are doubted.

import { z } from 'zod'
import { Photo, SplitName } from './photos.ts'

export const ConfusionMatrix = z.object({
  runId: z.number().int(),
  split: SplitName,
  classes: z.array(z.object({ id: z.number().int(), name: z.string() })),
  counts: z.array(z.array(z.number().int())),
})
export type ConfusionMatrix = z.infer<typeof ConfusionMatrix>

/** A share with its 95 % Wilson interval; value null where nothing was counted. */
export const Interval = z.object({ value: z.number().nullable(), low: z.number(), high: z.number() })
export type Interval = z.infer<typeof Interval>

/** How good a run's answers are on one split. `photos` have the class as label, `answered` as answer. */
export const ReviewReport = z.object({
  runId: z.number().int(),
  split: SplitName,
  photos: z.number().int(),
  accuracy: Interval,
  /** Of these photos, how many are copies of training photos, and the accuracy without them; null for training photos. */
  copies: z.object({ photos: z.number().int(), accuracy: Interval }).nullable(),
  macroF1: z.number().nullable(),
  weightedF1: z.number().nullable(),
  classes: z.array(
    z.object({
      id: z.number().int(),
      name: z.string(),
      photos: z.number().int(),
      answered: z.number().int(),
      precision: Interval,
      recall: Interval,
      f1: z.number().nullable(),
    }),
  ),
})
export type ReviewReport = z.infer<typeof ReviewReport>

/** How far a run's confidences can be believed on one split. The temperature is fitted on validation; above 1 the model
 *  was too sure. */
export const Calibration = z.object({
  runId: z.number().int(),
  split: SplitName,
  photos: z.number().int(),
  /** Share of labels among the k most probable classes. */
  topK: z.array(z.object({ k: z.number().int(), share: z.number() })),
  logLoss: z.number(),
  /** Photos by confidence; means null in an empty bin. */
  bins: z.array(
    z.object({
      low: z.number(),
      high: z.number(),
      photos: z.number().int(),
      confidence: z.number().nullable(),
      accuracy: z.number().nullable(),
    }),
  ),
  /** Expected calibration error, as it is and with the temperature. */
  error: z.number(),
  temperature: z.number(),
  errorWithTemperature: z.number(),
  /** Answers less confident than the threshold become "unknown". */
  thresholds: z.array(z.object({ threshold: z.number(), answered: z.number(), accuracy: z.number().nullable() })),
  /** The lowest of the thresholds at which 95 % of the answered validation photos are right; null where none does it.
   */
  unknownBelow: z.number().nullable(),
})
export type Calibration = z.infer<typeof Calibration>

/** One sentence of advice, computed from the run; the page translates by `code` and `values`. */
export const Advice = z.object({
  code: z.string(),
  text: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type Advice = z.infer<typeof Advice>

/** What more photos would bring, from runs with fewer and more of them. Gains are in shares of photos answered right.
 */
export const LearningCurve = z.object({
  points: z.array(z.object({ runId: z.number().int(), trainPhotos: z.number().int(), accuracy: Interval })),
  /** With twice the photos of the largest run: the gain to expect, and its 95 % range. */
  doubled: z.object({ trainPhotos: z.number().int(), gain: z.number(), low: z.number(), high: z.number() }),
  advice: Advice,
})
export type LearningCurve = z.infer<typeof LearningCurve>

/** Two runs on the photos that both hold in this split, by the labels of the second: what a correction or another net
 *  has brought. */
export const RunComparison = z.object({
  before: z.number().int(),
  after: z.number().int(),
  split: SplitName,
  photos: z.number().int(),
  /** Of these, photos that have another label in the second run. */
  relabelled: z.number().int(),
  accuracyBefore: Interval,
  accuracyAfter: Interval,
  /** Answers that became right, and that became wrong. */
  fixed: z.number().int(),
  broken: z.number().int(),
  /** How often so uneven a change would come by chance alone (exact McNemar test, two-sided). */
  chance: z.number(),
  classes: z.array(
    z.object({
      id: z.number().int(),
      name: z.string(),
      photos: z.number().int(),
      rightBefore: z.number().int(),
      rightAfter: z.number().int(),
    }),
  ),
})
export type RunComparison = z.infer<typeof RunComparison>

/** Several runs as one, by the mean of their probabilities, beside each alone on the same photos: those all of them
 *  hold in this split. */
export const Ensemble = z.object({
  split: SplitName,
  photos: z.number().int(),
  accuracy: Interval,
  runs: z.array(z.object({ runId: z.number().int(), name: z.string(), accuracy: Interval })),
})
export type Ensemble = z.infer<typeof Ensemble>

/** How a label came to be doubted: by heads on features that had not seen the photo, before any training; margins while
 *  training; probabilities of nets that had not seen the photo; or another tool's. */
export const LabelIssueMethod = z.enum(['features', 'margin-trace', 'folds', 'import'])
export type LabelIssueMethod = z.infer<typeof LabelIssueMethod>

/** What one way of looking said of many photos at one time. `flagged` of them lie before the stop point, `open` are
 *  still to be decided. */
export const LabelIssueReport = z.object({
  id: z.number().int(),
  at: z.string(),
  method: LabelIssueMethod,
  runId: z.number().int().nullable(),
  labelRevision: z.number().int(),
  photos: z.number().int(),
  flagged: z.number().int(),
  open: z.number().int(),
})
export type LabelIssueReport = z.infer<typeof LabelIssueReport>

/** What a person said of a doubted label; 'withdrawn' stands where that was undone and nothing was said before. */
export const LabelIssueAnswer = z.enum(['keep', 'relabel', 'exclude', 'unsure', 'withdrawn'])
export type LabelIssueAnswer = z.infer<typeof LabelIssueAnswer>

/** A photo whose label is doubted: never a verdict. `position` 0 is the most suspicious; `flagged` ones lie before the
 *  stop point. */
export const LabelIssue = z.object({
  position: z.number().int(),
  photo: Photo,
  givenClassId: z.number().int(),
  proposedClassId: z.number().int(),
  proposedClassName: z.string(),
  givenProbability: z.number().nullable(),
  proposedProbability: z.number().nullable(),
  score: z.number(),
  flagged: z.boolean(),
  answer: LabelIssueAnswer.nullable(),
  /** Who gave the answer, by the name of the machine's user; null where that is not known. */
  answeredBy: z.string().nullable(),
})
export type LabelIssue = z.infer<typeof LabelIssue>

/** Photos of one class that are most like a photo by what a run's net makes of them; the cosine of their features, 1 is
 *  alike. */
export const NearestPhotos = z.object({
  classId: z.number().int(),
  className: z.string(),
  photos: z.array(z.object({ photo: Photo, cosine: z.number() })),
})
export type NearestPhotos = z.infer<typeof NearestPhotos>

/** A photo that looks unlike the rest of its class: its cosine to the class's centre lies below the class's cut.
 *  `nearestClassId` is the class it would fit instead (unlike-class), null where it fits none (outlier). It says how
 *  photos look to a net, never who is on them. */
export const OddPhoto = z.object({
  photo: Photo,
  classId: z.number().int(),
  nearestClassId: z.number().int().nullable(),
  cosine: z.number(),
  cut: z.number(),
})
export type OddPhoto = z.infer<typeof OddPhoto>

/** How good a run is for each value of a column of its photos, the worst first. */
export const Slices = z.object({
  runId: z.number().int(),
  split: SplitName,
  by: z.string(),
  accuracy: Interval,
  slices: z.array(
    z.object({ value: z.string(), photos: z.number().int(), right: z.number().int(), accuracy: Interval }),
  ),
})
export type Slices = z.infer<typeof Slices>
