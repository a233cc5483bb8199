// The nouns that cross a process, as schemas; the types are derived from them. Ids are numbers given by the library.
// Nothing here holds an absolute path: the page knows ids, and `folder` is a path relative to the imported folder.

import { z } from 'zod'

export const SplitName = z.enum(['train', 'validation', 'test'])
export type SplitName = z.infer<typeof SplitName>

/** What can be wrong with a file or photo. The first group keeps a file out of training, the second is a warning. */
export const blockingProblems = [
  'empty', 'not-an-image', 'truncated', 'too-large', 'unsupported', 'unreadable', 'changed-while-read',
  'decoder-crashed', 'decoder-slow', 'missing',
] as const
export const warningProblems = [
  'wrong-extension', 'dark', 'light', 'blurry', 'low-information', 'odd-aspect', 'odd-size', 'greyscale',
  'exact-duplicate', 'near-duplicate',
] as const
export const ProblemCode = z.enum([...blockingProblems, ...warningProblems])
export type ProblemCode = z.infer<typeof ProblemCode>

/** `reason` is a sentence in English; the page translates by `code` and `values`. Score is 0 (bad) to 1 (good). */
export const Problem = z.object({
  code: ProblemCode,
  reason: z.string(),
  score: z.number().nullable(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type Problem = z.infer<typeof Problem>

/** What the run asked about says of a photo. `confidence` belongs to `classId`, `givenProbability` to the photo's label. */
export const Prediction = z.object({
  runId: z.number().int(),
  classId: z.number().int(),
  className: z.string(),
  confidence: z.number(),
  givenProbability: z.number().nullable(),
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

export const PhotoDetail = Photo.extend({
  history: z.array(z.object({ at: z.string(), text: z.string(), kind: z.string(), values: z.record(z.string(), z.string()) })),
  sha256: z.string().nullable(),
})
export type PhotoDetail = z.infer<typeof PhotoDetail>

/** Copies of one picture. `distance`: bits of 64 between a member's hash and the keeper's. Labels differ: conflicting; splits: leaking. */
export const DuplicateGroup = z.object({
  keeper: Photo,
  members: z.array(z.object({ photo: Photo, distance: z.number().int(), exact: z.boolean() })),
  conflicting: z.boolean(),
  leaking: z.boolean(),
})
export type DuplicateGroup = z.infer<typeof DuplicateGroup>

/** Which photos. All fields narrow; an absent field does not. `wrong` and `predicted` need `runId` (default: the latest run). */
export const PhotoFilter = z.object({
  classId: z.number().int().nullable().optional(),
  split: SplitName.nullable().optional(),
  problem: z.union([ProblemCode, z.literal('any')]).optional(),
  excluded: z.boolean().optional(),
  usable: z.boolean().optional(),
  text: z.string().max(200).optional(),
  runId: z.number().int().optional(),
  wrong: z.boolean().optional(),
  predictedClassId: z.number().int().optional(),
})
export type PhotoFilter = z.infer<typeof PhotoFilter>

export const PhotoSort = z.enum(['added', 'name', 'class', 'confidence', 'suspicion'])
export type PhotoSort = z.infer<typeof PhotoSort>

/** A selection is a list of ids or a query, so that "all 12,430" costs one small request. */
export const Selection = z.union([
  z.object({ ids: z.array(z.number().int()).min(1).max(10_000) }),
  z.object({ filter: PhotoFilter }),
])
export type Selection = z.infer<typeof Selection>

export const ClassRecord = z.object({ id: z.number().int(), name: z.string(), photos: z.number().int() })
export type ClassRecord = z.infer<typeof ClassRecord>

export const LibrarySummary = z.object({
  id: z.string(),
  name: z.string(),
  photos: z.number().int(),
  broken: z.number().int(),
  excluded: z.number().int(),
  unlabelled: z.number().int(),
  withProblems: z.number().int(),
  classes: z.array(ClassRecord),
  splits: z.object({ train: z.number().int(), validation: z.number().int(), test: z.number().int(), none: z.number().int() }),
  runs: z.number().int(),
  wrong: z.number().int(),
  labelRevision: z.number().int(),
  undo: z.string().nullable(),
  redo: z.string().nullable(),
})
export type LibrarySummary = z.infer<typeof LibrarySummary>

export const RecentLibrary = z.object({ id: z.string(), name: z.string(), photos: z.number().int(), openedAt: z.string() })
export type RecentLibrary = z.infer<typeof RecentLibrary>

export const Folder = z.object({
  id: z.string(),
  name: z.string(),
  parentId: z.string().nullable(),
  entries: z.array(z.object({ id: z.string(), name: z.string() })),
  imageFiles: z.number().int(),
  /** CSV lists and ZIP archives in it: their ids can be imported like a folder's. */
  files: z.array(z.object({ id: z.string(), name: z.string(), kind: z.enum(['csv', 'zip']) })).optional(),
})
export type Folder = z.infer<typeof Folder>

export const ImportPreview = z.object({
  photos: z.number().int(),
  skipped: z.number().int(),
  classes: z.array(z.object({ name: z.string(), photos: z.number().int() })),
  splits: z.array(z.object({ name: SplitName, photos: z.number().int() })),
})
export type ImportPreview = z.infer<typeof ImportPreview>

export const JobState = z.enum(['queued', 'running', 'paused', 'done', 'cancelled', 'failed'])
export const Job = z.object({
  id: z.number().int(),
  kind: z.enum(['import', 'check', 'pixels', 'sample', 'export', 'relink', 'verify']),
  state: JobState,
  done: z.number().int(),
  total: z.number().int().nullable(),
  perSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  error: z.object({ code: z.string(), message: z.string(), fix: z.string() }).nullable(),
  result: z.record(z.string(), z.number()),
})
export type Job = z.infer<typeof Job>

/** What one training run is asked to do. The service adds the label revision and the rows; core builds `preset` at this size. */
export const RunSettings = z.object({
  preset: z.string().max(64),
  size: z.number().int().min(8).max(512),
  channels: z.union([z.literal(1), z.literal(3)]),
  epochs: z.number().int().min(1).max(10_000),
  batch: z.number().int().min(1).max(4096),
  rate: z.number().positive().max(10),
  seed: z.number().int().min(0).max(0xffffffff),
  augment: z.boolean(),
  /** Begin with the best weights of this run, where names and shapes fit. */
  fromRunId: z.number().int().optional(),
})
export type RunSettings = z.infer<typeof RunSettings>

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

/** The rows of a run in a fixed order (by split, then photo id). labels[i] indexes the run's classes; splits: 0 train, 1 validation, 2 test. */
export const RunRows = z.object({
  photoIds: z.array(z.number().int()),
  labels: z.array(z.number().int()),
  splits: z.array(z.number().int().min(0).max(2)),
})
export type RunRows = z.infer<typeof RunRows>

/** One event of a run, in order. The trainer makes them, the service keeps them, the page folds them. See docs/events.md. */
export const RunEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('started'), adapter: z.string(), software: z.boolean(), parameters: z.number(), stepsPerEpoch: z.number(),
    epochs: z.number(), batch: z.number(), at: z.string(),
  }),
  z.object({ type: z.literal('step'), step: z.number(), epoch: z.number(), loss: z.number(), accuracy: z.number(), rate: z.number(), stepsPerSecond: z.number(), secondsLeft: z.number().nullable() }),
  z.object({
    type: z.literal('evaluated'), step: z.number(), epoch: z.number(), split: SplitName, loss: z.number(), accuracy: z.number(), photos: z.number(),
    complete: z.boolean(),
  }),
  // rows index the run's rows, classes its classes
  z.object({ type: z.literal('predictions'), step: z.number(), epoch: z.number(), rows: z.array(z.number().int()), classes: z.array(z.number().int()), confidences: z.array(z.number()) }),
  z.object({ type: z.literal('note'), code: z.string(), message: z.string(), step: z.number() }),
  z.object({ type: z.literal('checkpoint'), step: z.number(), epoch: z.number(), kind: z.enum(['best', 'last']) }),
  z.object({ type: z.literal('ended'), state: RunState, step: z.number(), epoch: z.number(), seconds: z.number() }),
])
export type RunEvent = z.infer<typeof RunEvent>

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
  macroF1: z.number().nullable(),
  weightedF1: z.number().nullable(),
  classes: z.array(z.object({
    id: z.number().int(), name: z.string(), photos: z.number().int(), answered: z.number().int(), precision: Interval, recall: Interval,
    f1: z.number().nullable(),
  })),
})
export type ReviewReport = z.infer<typeof ReviewReport>

/** How far a run's confidences can be believed on one split. The temperature is fitted on validation; above 1 the model was too sure. */
export const Calibration = z.object({
  runId: z.number().int(),
  split: SplitName,
  photos: z.number().int(),
  /** Share of labels among the k most probable classes. */
  topK: z.array(z.object({ k: z.number().int(), share: z.number() })),
  logLoss: z.number(),
  /** Photos by confidence; means null in an empty bin. */
  bins: z.array(z.object({ low: z.number(), high: z.number(), photos: z.number().int(), confidence: z.number().nullable(), accuracy: z.number().nullable() })),
  /** Expected calibration error, as it is and with the temperature. */
  error: z.number(),
  temperature: z.number(),
  errorWithTemperature: z.number(),
  /** Answers less confident than the threshold become "unknown". */
  thresholds: z.array(z.object({ threshold: z.number(), answered: z.number(), accuracy: z.number().nullable() })),
})
export type Calibration = z.infer<typeof Calibration>

/** One sentence of advice, computed from the run; the page translates by `code` and `values`. */
export const Advice = z.object({ code: z.string(), text: z.string(), values: z.record(z.string(), z.union([z.string(), z.number()])) })
export type Advice = z.infer<typeof Advice>

/** The set in numbers. `usable`: decoded whole and not excluded. Sizes are those of the smallest, middle and largest photo by area. */
const PhotoSize = z.object({ width: z.number().int(), height: z.number().int() })
export const CheckReport = z.object({
  classes: z.array(ClassRecord.extend({ usable: z.number().int() })),
  sizes: z.object({ smallest: PhotoSize, middle: PhotoSize, largest: PhotoSize }).nullable(),
  formats: z.array(z.object({ format: z.string(), photos: z.number().int() })),
  advice: z.array(Advice),
})
export type CheckReport = z.infer<typeof CheckReport>

/** What more photos would bring, from runs with fewer and more of them. Gains are in shares of photos answered right. */
export const LearningCurve = z.object({
  points: z.array(z.object({ runId: z.number().int(), trainPhotos: z.number().int(), accuracy: Interval })),
  /** With twice the photos of the largest run: the gain to expect, and its 95 % range. */
  doubled: z.object({ trainPhotos: z.number().int(), gain: z.number(), low: z.number(), high: z.number() }),
  advice: Advice,
})
export type LearningCurve = z.infer<typeof LearningCurve>

/** Two runs on the photos that both hold in this split, by the labels of the second: what a correction or another net has brought. */
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
  classes: z.array(z.object({ id: z.number().int(), name: z.string(), photos: z.number().int(), rightBefore: z.number().int(), rightAfter: z.number().int() })),
})
export type RunComparison = z.infer<typeof RunComparison>

/** How a label came to be doubted: margins while training, probabilities of nets that had not seen the photo, or another tool's. */
export const SuspectMethod = z.enum(['margin-trace', 'folds', 'import'])
export type SuspectMethod = z.infer<typeof SuspectMethod>

/** What one way of looking said of many photos at one time. `flagged` of them lie before the stop point, `open` are still to be decided. */
export const Evidence = z.object({
  id: z.number().int(),
  at: z.string(),
  method: SuspectMethod,
  runId: z.number().int().nullable(),
  labelRevision: z.number().int(),
  photos: z.number().int(),
  flagged: z.number().int(),
  open: z.number().int(),
})
export type Evidence = z.infer<typeof Evidence>

/** What a person said of a suspect. 'withdrawn' takes a 'keep' or 'unsure' back; the others are undone in the history. */
export const SuspectAnswer = z.enum(['keep', 'relabel', 'exclude', 'unsure', 'withdrawn'])
export type SuspectAnswer = z.infer<typeof SuspectAnswer>

/** A photo whose label is doubted: never a verdict. `position` 0 is the most suspicious; `flagged` ones lie before the stop point. */
export const Suspect = z.object({
  position: z.number().int(),
  photo: Photo,
  givenClassId: z.number().int(),
  proposedClassId: z.number().int(),
  proposedClassName: z.string(),
  givenProbability: z.number().nullable(),
  proposedProbability: z.number().nullable(),
  score: z.number(),
  flagged: z.boolean(),
  answer: SuspectAnswer.nullable(),
})
export type Suspect = z.infer<typeof Suspect>

/** The written model run by another engine on photos of the run, against what the app said of them. */
export const ParityReport = z.object({
  engine: z.string(),
  photos: z.number().int(),
  largestDifference: z.number(),
  flipped: z.number().int(),
})
export type ParityReport = z.infer<typeof ParityReport>

export const ExportRecord = z.object({
  id: z.string(),
  runId: z.number().int(),
  format: z.enum(['onnx']),
  fileName: z.string(),
  sizeBytes: z.number().int(),
  parity: ParityReport,
})
export type ExportRecord = z.infer<typeof ExportRecord>

export const Decision = z.object({ changed: z.number().int(), text: z.string(), kind: z.string(), values: z.record(z.string(), z.string()) })
export type Decision = z.infer<typeof Decision>
