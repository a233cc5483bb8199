// The one table of what crosses a process: requests (ask, answer), streams (subscribe, items until unsubscribed) and
// bytes (URLs). Server, client and every type on both ends are derived from it. A new call is one line here and one
// function in the service.

import { copyFormatNames, listFormatNames, modelFormatNames, reportFormats } from './export-formats.ts'
import { warningProblems } from './problems.ts'
import { z } from 'zod'
import { AugmentationRecipe } from './augmentation.ts'
import {
  Advice,
  Calibration,
  CheckReport,
  ClassRecord,
  ConfusionMatrix,
  DatasetVersion,
  Decision,
  DeviceKind,
  DuplicateGroup,
  Ensemble,
  BackboneRecord,
  FeatureKind,
  LabelCheckRows,
  LabelIssueReport,
  ExportRecord,
  FitName,
  Folder,
  ImportLayout,
  ImportPreview,
  Job,
  LearningCurve,
  LibrarySummary,
  NearestPhotos,
  OddPhoto,
  Photo,
  PhotoDetail,
  PhotoFilter,
  PhotoSort,
  ProblemCode,
  Proposal,
  ProposalSummary,
  RecentLibrary,
  ReviewReport,
  Run,
  RunComparison,
  RunEvent,
  RunRows,
  RunSettings,
  RunState,
  RunSummary,
  Scores,
  Selection,
  SimilarPhoto,
  Slices,
  SplitName,
  SplitShares,
  LabelIssue,
  LabelIssueAnswer,
  Thresholds,
  VersionDifference,
} from './records.ts'

const none = z.object({})
const id = z.number().int()
const jobStarted = z.object({ jobId: id })
/** Folders, lists and archives; `layout` decides how folder names with two readings are read (default: the likelier). */
const importSources = z.object({ folderIds: z.array(z.string()).min(1).max(100), layout: ImportLayout.optional() })
const done = z.object({})
const distance = z.number().int().min(0).max(10)
const copyKind = z.enum(['exact-duplicate', 'near-duplicate', 'both'])

/** A run's answers on one split. `withoutSuspectsOf` leaves out the photos before the stop point of that label-issue
 *  report; with `folds` every photo is answered by nets that have not seen it: the net of its fold, test photos by the
 *  mean of all folds' nets. */
const evaluatedRun = z.object({
  runId: id,
  split: SplitName,
  withoutSuspectsOf: id.optional(),
  folds: z.boolean().optional(),
})

const columnName = z.string().min(1).max(200)
const backboneName = z.string().min(1).max(120)
/** Ids with commas between, at most five hundred. */
const photoIdList = z.string().regex(/^[1-9]\d{0,14}(,[1-9]\d{0,14}){0,499}$/)

const preferenceName = z.string().regex(/^winnow\.[\w.-]{1,60}$/)
const Preferences = z.record(preferenceName, z.string())
/** Null takes a value away. */
const PreferenceChanges = z
  .record(preferenceName, z.string().max(20_000).nullable())
  .refine(values => Object.keys(values).length <= 100, 'At most 100 values are kept.')
/** A folder still to be made (or an empty one) inside one that the person chose. */
const NewFolder = z.object({ folderId: z.string(), name: z.string().min(1).max(100) })
/** `name` is the file's own, for sentences about it. */
const temporaryPhoto = z.object({ visitorId: z.string().regex(/^[\w-]{1,64}$/), name: z.string().min(1).max(200) })

function call<P extends z.ZodType, R extends z.ZodType>(params: P, result: R) {
  return { params, result }
}

export const requests = {
  'system.info': call(
    none,
    z.object({
      version: z.string(),
      node: z.string(),
      platform: z.string(),
      host: z.enum(['desktop', 'browser', 'terminal']),
    }),
  ),

  /** What the page remembers, kept where the next page finds it too: in a browser tab another port is another origin
   *  with storage of its own. */
  'preferences.read': call(none, Preferences),
  /** Only what has changed: the rest stays as it is. */
  'preferences.write': call(z.object({ values: PreferenceChanges }), done),
  /** How the GPU kernels of this adapter and driver run fastest (the tuning cache), as core wrote it; null where
   *  nothing is remembered. */
  'cuts.load': call(z.object({ adapter: z.string().max(1000) }), z.object({ text: z.string().nullable() })),
  'cuts.save': call(z.object({ adapter: z.string().max(1000), text: z.string().max(5_000_000) }), done),

  'libraries.recent': call(none, z.array(RecentLibrary)),
  'libraries.create': call(z.object({ name: z.string().min(1).max(100) }), LibrarySummary),
  'libraries.open': call(z.object({ id: z.string() }), LibrarySummary),
  'libraries.sample': call(none, jobStarted),
  'library.current': call(none, LibrarySummary.nullable()),

  /** null: the places to begin with; 'last': the folder that was listed last. */
  'folders.list': call(z.object({ id: z.string().nullable() }), Folder),
  'import.preview': call(importSources, ImportPreview),
  /** `moved`: photos of the library whose old place is empty are followed to where they are now (default), or added as
   *  new ones. Result: imported, broken, skipped, already, moved, relabelled (by a list). */
  'import.start': call(importSources.extend({ moved: z.enum(['follow', 'add']).optional() }), jobStarted),

  'jobs.list': call(none, z.array(Job)),
  'jobs.pause': call(z.object({ jobId: id }), done),
  'jobs.resume': call(z.object({ jobId: id }), done),
  'jobs.cancel': call(z.object({ jobId: id }), done),

  'photos.page': call(
    z.object({
      filter: PhotoFilter,
      sort: PhotoSort,
      offset: z.number().int().min(0),
      limit: z.number().int().min(1).max(1000),
    }),
    z.object({ total: z.number().int(), photos: z.array(Photo) }),
  ),
  /** Where a photo stands in such a list, from 0; null where it is not in it. */
  'photos.place': call(
    z.object({ filter: PhotoFilter, sort: PhotoSort, photoId: id }),
    z.object({ index: z.number().int().nullable() }),
  ),
  'photos.get': call(z.object({ photoId: id }), PhotoDetail),
  'photos.label': call(z.object({ selection: Selection, classId: id.nullable() }), Decision),
  'photos.exclude': call(z.object({ selection: Selection, excluded: z.boolean() }), Decision),
  'photos.split': call(z.object({ selection: Selection, split: SplitName.nullable() }), Decision),
  /** Deals every usable, included, labelled photo into splits of these shares, class by class; photos of an equal value of
   *  the column stay together, as copies do. */
  'photos.dealSplits': call(
    z.object({ shares: SplitShares, groupBy: columnName.optional(), seed: z.number().int().min(0).max(0xffffffff) }),
    Decision,
  ),
  /** "It is fine": these photos leave the lists and counts of that problem, also when a check finds it again; or they
   *  come back. */
  'problems.accept': call(
    z.object({ selection: Selection, code: z.enum(warningProblems), accepted: z.boolean() }),
    Decision,
  ),
  /** Of all decisions the newest, or this one where nothing later rests on it. */
  'history.undo': call(z.object({ decisionId: id.optional() }), Decision),
  'history.redo': call(none, Decision),

  /** Newest first. */
  'versions.list': call(none, z.array(DatasetVersion)),
  /** Keeps the data set as it is now under a name. */
  'versions.save': call(z.object({ name: z.string().min(1).max(100) }), DatasetVersion),
  'versions.delete': call(z.object({ versionId: id }), done),
  /** `to` null: as it is now. */
  'versions.difference': call(z.object({ from: id, to: id.nullable() }), VersionDifference),
  /** Makes the data set what it was: one decision. Photos that came since are excluded. */
  'versions.restore': call(z.object({ versionId: id }), Decision),

  'classes.list': call(none, z.array(ClassRecord)),
  /** Classes are made, renamed, merged and deleted as decisions: history.undo takes them back. */
  'classes.create': call(z.object({ name: z.string().min(1).max(100) }), ClassRecord),
  'classes.rename': call(z.object({ classId: id, name: z.string().min(1).max(100) }), Decision),
  /** All photos of `classId` get `intoId`, and `classId` goes. */
  'classes.merge': call(z.object({ classId: id, intoId: id }), Decision),
  /** 'class-in-use' while it has photos. */
  'classes.delete': call(z.object({ classId: id }), Decision),

  /** `like`: by the definitions of another program alone, to compare with it; without it, by Winnow's. */
  'check.start': call(z.object({ like: z.enum(['cleanvision']).optional() }), jobStarted),
  /** The most frequent first. `property`: so many photos have it that it tells of the set, not of each; such photos are
   *  not 'any' problem. */
  'check.summary': call(
    none,
    z.array(z.object({ code: ProblemCode, photos: z.number().int(), property: z.boolean() })),
  ),

  /** Limits below which a score is a problem: those in force, and the usual ones. */
  'check.thresholds': call(none, z.object({ thresholds: Thresholds, usual: Thresholds })),
  /** Flags every photo anew from its scores; nothing is decoded. */
  'check.setThresholds': call(z.object({ thresholds: Thresholds.partial() }), z.object({ thresholds: Thresholds })),
  /** Every photo with its kinds of problem and its scores, by id. */
  'check.photos': call(
    z.object({ afterId: id, limit: z.number().int().min(1).max(10_000) }),
    z.array(
      z.object({
        photoId: id,
        path: z.string(),
        problems: z.array(ProblemCode),
        reasons: z.record(z.string(), z.string()),
        scores: Scores.nullable(),
      }),
    ),
  ),

  /** Class balance, sizes, formats, and what is worth doing before training. */
  'check.report': call(none, CheckReport),
  /** Looks at every file first: result missing, changed. Then finds the missing photos by content in this folder:
   *  relinked, missing. */
  'files.relink': call(z.object({ folderId: z.string() }), jobStarted),
  /** Folders of photos that are not where they were, by where they were; `found`: the same photos lie in this folder near
   *  the library, for files.relink. */
  'files.lost': call(
    none,
    z.array(
      z.object({
        path: z.string(),
        photos: z.number().int(),
        found: z.object({ folderId: z.string(), path: z.string() }).nullable(),
      }),
    ),
  ),
  /** Reads broken files again: these, or all (photos.page with usable: false). A job of kind 'import'. */
  'files.retry': call(z.object({ photoIds: z.array(id).min(1).max(10_000).optional() }), jobStarted),
  /** Shows the photo's file in the system's file manager. 'cannot-reveal' where the host has none. */
  'files.reveal': call(z.object({ photoId: id }), done),
  /** The full check: database, every photo's bytes, caches, left-over files. Result: missing, changed, orphans, damaged
   *  (cache records). */
  'library.verify': call(none, jobStarted),
  /** What lies in the library's folder and belongs to nothing in it. */
  'library.orphans': call(none, z.object({ paths: z.array(z.string()) })),
  /** Files of runs that are not what was written, by their checksums. */
  'library.damagedFiles': call(none, z.object({ paths: z.array(z.string()) })),

  /** Groups of duplicates of a kind, those with different labels first, then those across splits, then
   *  the larger. */
  'duplicates.groups': call(
    z.object({ kind: copyKind, offset: z.number().int().min(0), limit: z.number().int().min(1).max(200) }),
    z.object({ total: id, copies: id, conflicting: id, leaking: id, agreeing: id, groups: z.array(DuplicateGroup) }),
  ),
  /** How far near duplicates may be apart (0 to 10): one distance for the check, the list and all that is said of copies. */
  'duplicates.distance': call(none, z.object({ distance })),
  'duplicates.setDistance': call(z.object({ distance }), z.object({ distance })),
  'duplicates.keep': call(z.object({ photoId: id }), Decision),
  /** Excludes all but the keepers: of these groups, named by their keeper, or of every group whose labels agree. */
  'duplicates.exclude': call(
    z.object({ kind: copyKind, keeperIds: z.array(id).min(1).max(10_000).optional() }),
    Decision,
  ),

  'runs.list': call(none, z.array(Run)),
  'runs.get': call(z.object({ runId: id }), Run),
  /** Settings that suit the photos and, where it is known, what will compute. */
  'runs.suggest': call(
    z.object({ device: DeviceKind.optional() }),
    z.object({
      settings: RunSettings,
      reasons: z.array(
        z.object({
          code: z.string(),
          text: z.string(),
          values: z.record(z.string(), z.union([z.string(), z.number()])),
        }),
      ),
    }),
  ),
  'runs.create': call(RunSettings, Run),
  /** Makes a stopped or interrupted run ready to go on from its last checkpoint: train it like a new one. */
  'runs.resume': call(z.object({ runId: id }), Run),
  'runs.prepare': call(z.object({ runId: id }), z.object({ rows: z.number().int(), bytesPerRow: z.number().int() })),
  'runs.rows': call(z.object({ runId: id }), RunRows),
  'runs.append': call(z.object({ runId: id, events: z.array(RunEvent).max(1000) }), done),
  'runs.finish': call(
    z.object({
      runId: id,
      state: RunState,
      summary: RunSummary.nullable(),
      error: z.object({ code: z.string(), message: z.string(), fix: z.string() }).nullable(),
    }),
    Run,
  ),
  'runs.events': call(z.object({ runId: id }), z.array(RunEvent)),
  'runs.rename': call(z.object({ runId: id, name: z.string().min(1).max(100) }), Run),
  'runs.delete': call(z.object({ runId: id }), done),

  'review.confusion': call(evaluatedRun, ConfusionMatrix),
  'review.report': call(evaluatedRun, ReviewReport),
  'review.calibration': call(evaluatedRun, Calibration),
  /** At least two runs of the same classes. */
  'review.ensemble': call(z.object({ runIds: z.array(id).min(2).max(20), split: SplitName }), Ensemble),
  'review.compare': call(z.object({ before: id, after: id, split: SplitName }), RunComparison),
  /** Of runs of the same settings with different numbers of photos; at least three. */
  'review.learningCurve': call(z.object({ runIds: z.array(id).min(3).max(20) }), LearningCurve),
  /** Accuracy for each value of a column (photoColumns, or a pattern between slashes). */
  'review.slices': call(z.object({ runId: id, split: SplitName, by: columnName }), Slices),
  /** The two or three things most worth doing next. */
  'review.advice': call(z.object({ runId: id }), z.array(Advice)),

  /** What a photo is most like in each of these classes (default: its own and the one the run answers), most alike
   *  first; never its own duplicates. */
  'review.nearest': call(
    z.object({
      runId: id,
      photoId: id,
      classIds: z.array(id).min(1).max(20).optional(),
      limit: z.number().int().min(1).max(50),
    }),
    z.object({ nearest: z.array(NearestPhotos) }),
  ),
  /** Photos unlike the rest of their class, by the labels of now; most unlike first. */
  'review.odd': call(
    z.object({
      runId: id,
      classId: id.optional(),
      offset: z.number().int().min(0),
      limit: z.number().int().min(1).max(200),
    }),
    z.object({ total: z.number().int(), odd: z.array(OddPhoto) }),
  ),

  /** Which fold holds each row out, the same on every call until folds or seed change; -1 for test rows, which no
   *  fold's net learns from. `done` folds have their predictions. */
  'runs.folds': call(
    z.object({ runId: id, folds: z.number().int().min(2).max(20), seed: z.number().int().min(0).max(0xffffffff) }),
    z.object({ foldOf: z.array(z.number().int()), done: z.array(z.number().int()) }),
  ),

  /** Those at hand and those of the catalogue, the best at hand first. */
  'backbones.list': call(none, z.array(BackboneRecord)),
  /** Fetches it; answers when it is there. 'cancelled' keeps what came, and the next call goes on from there. */
  'backbones.get': call(z.object({ name: backboneName }), BackboneRecord),
  /** By what its features are known: the first 16 digits of its SHA-256. */
  'backbones.identify': call(z.object({ name: backboneName }), z.object({ id: FeatureKind.shape.backbone })),
  'backbones.remove': call(z.object({ name: backboneName }), done),

  /** Usable photos without such features: they are to be made of `featurePixels` and put as `features`. A job of kind
   *  'features' stands for the work until `features.end`; null where there is none to do. */
  'features.begin': call(FeatureKind, z.object({ jobId: id.nullable(), photoIds: z.array(id), photos: id })),
  /** What looks most like these photos, nearest first, by the features that most photos have. */
  'features.similar': call(
    z.object({ photoIds: z.array(id).min(1).max(100), limit: z.number().int().min(1).max(1000) }),
    z.array(SimilarPhoto),
  ),
  'features.end': call(z.object({ jobId: id }), done),

  /** The labelled photos that have such features, dealt into folds for heads to judge by. */
  'labelCheck.begin': call(
    FeatureKind.extend({ folds: z.number().int().min(2).max(20), seed: z.number().int().min(0).max(0xffffffff) }),
    LabelCheckRows,
  ),
  /** Makes a label-issue report of the probabilities that were put for the check. */
  'labelCheck.end': call(z.object({ checkId: id }), LabelIssueReport),

  /** Photos without a label, and how many proposals are how sure. */
  'proposals.summary': call(none, ProposalSummary),
  /** Photos without a label with what heads on features answer: the most useful to label first, or the surest. */
  'proposals.page': call(
    z.object({
      order: z.enum(['useful', 'sure']),
      offset: z.number().int().min(0),
      limit: z.number().int().min(1).max(200),
    }),
    z.object({ total: id, proposals: z.array(Proposal) }),
  ),
  /** Every photo whose proposal is at least so sure gets its label: one decision. */
  'proposals.accept': call(z.object({ above: z.number().min(0).max(1) }), Decision),

  /** Makes a label-issue report of what was put for the run: its margins, or the predictions of all its folds. */
  'suspects.find': call(z.object({ runId: id, method: z.enum(['margin-trace', 'folds']) }), LabelIssueReport),
  /** Another tool's predictions: the bytes of a CSV in any encoding (base64), with a column of paths and one column of
   *  probabilities per class. */
  'suspects.import': call(
    z.object({ csv: z.base64().max(140_000_000) }),
    z.object({ evidence: LabelIssueReport, unmatched: z.array(z.string()) }),
  ),
  /** Newest first. */
  'suspects.list': call(none, z.array(LabelIssueReport)),
  /** Most suspicious first; default: of the newest report. A photo decided or relabelled since is not open any more.
   */
  'suspects.page': call(
    z.object({
      evidenceId: id.optional(),
      state: z.enum(['open', 'unsure', 'decided']),
      offset: z.number().int().min(0),
      limit: z.number().int().min(1).max(200),
    }),
    z.object({ evidence: LabelIssueReport.nullable(), total: z.number().int(), suspects: z.array(LabelIssue) }),
  ),
  /** What a person says of a doubted label: a decision, with the new label (`classId` of a 'relabel') or the exclusion in
   *  it, which history.undo takes back whole. `about`: the report that doubts it, or the run that answers otherwise. */
  'review.answer': call(
    z.object({
      photoId: id,
      answer: LabelIssueAnswer.exclude(['withdrawn']),
      classId: id.optional(),
      about: z.union([z.object({ evidenceId: id }), z.object({ runId: id })]),
    }),
    Decision,
  ),
  /** Which of these photos were kept or not sure of, with the label they have and the answer of this run. */
  'review.answers': call(
    z.object({ runId: id, photoIds: z.array(id).min(1).max(1000) }),
    z.array(z.object({ photoId: id, answer: LabelIssueAnswer, answeredBy: z.string().nullable() })),
  ),

  /** `unknownBelow` is kept in the file: less confident answers are "unknown" (review.calibration suggests one). With
   *  `folds` the nets of cross-validation in one file. 'no-folds' where it has not ended. */
  'exports.create': call(
    z.object({
      runId: id,
      format: z.enum(modelFormatNames),
      unknownBelow: z.number().min(0).max(1).optional(),
      folds: z.boolean().optional(),
    }),
    ExportRecord,
  ),
  /**
   * Copies every photo a run would use into a new folder, in the layout of this format (default folder: split/class/file,
   * beside a list of them). With `variants`, of 'folder' alone, every training photo gets so many changed copies beside it,
   * as JPEG files. Result: copied, failed, variants.
   */
  'exports.dataset': call(
    z.object({
      to: NewFolder,
      format: z.enum(copyFormatNames).optional(),
      variants: z
        .object({
          recipe: AugmentationRecipe,
          seed: z.number().int().min(0).max(0xffffffff),
          perPhoto: z.number().int().min(1).max(100),
        })
        .optional(),
    }),
    jobStarted,
  ),
  /** Asks the run about every photo of a folder; the answers are bytes `classified`, and with `copiesTo` sorted copies.
   *  Result: photos, unknown, unread, copied. */
  'classify.start': call(
    z.object({
      runId: id,
      folderId: z.string(),
      copiesTo: NewFolder.optional(),
      unknownBelow: z.number().min(0).max(1).optional(),
    }),
    jobStarted,
  ),
  /** About how long such a run takes on this device: `measured` by the library's earlier runs on it, else a guess for
   *  its kind. */
  'runs.estimate': call(
    z.object({ settings: RunSettings, device: z.object({ name: z.string().max(200), kind: DeviceKind }) }),
    z.object({ seconds: z.number(), measured: z.boolean() }),
  ),
} as const

export const streams = {
  jobs: call(none, Job),
  library: call(none, z.object({ revision: z.number().int() })),
  run: call(z.object({ runId: id }), RunEvent),
  /** Brings nothing: whoever trains a run holds it by this. A run that is let go before it has ended is interrupted. */
  trainer: call(z.object({ runId: id }), z.never()),
} as const

/** Bytes travel by URL: GET answers the bytes, PUT takes them. Params become the query. */
export const bytes = {
  thumbnail: { params: z.object({ photoId: id }), methods: ['GET'], type: 'image/webp' },
  /** Those of up to a hundred photos, ids with commas between: thumbnail-pack.ts. */
  thumbnails: {
    params: z.object({ photoIds: z.string().regex(/^[1-9]\d{0,14}(,[1-9]\d{0,14}){0,99}$/) }),
    methods: ['GET'],
    type: 'application/octet-stream',
  },
  photo: { params: z.object({ photoId: id }), methods: ['GET'], type: 'image/jpeg' },
  /** What is wrong with which file: path, code, reason; a line each. */
  fileErrors: { params: none, methods: ['GET'], type: 'text/csv' },
  /** What a recipe (JSON of contract/augmentation.ts) does to a photo: 6 x 4 tiles, first as it is, then what epochs 0
   *  to 22 of a run with this seed see. */
  augmentationPreview: {
    params: z.object({
      photoId: id,
      recipe: z.string().max(10_000),
      seed: z.number().int().min(0).max(0xffffffff),
      tile: z.number().int().min(16).max(256),
      fit: FitName.optional(),
    }),
    methods: ['GET'],
    type: 'image/webp',
  },
  /** Rows of a run's photos as u8 H W C, one after the other. */
  pixels: {
    params: z.object({ runId: id, from: z.number().int().min(0), count: z.number().int().min(1) }),
    methods: ['GET'],
    type: 'application/octet-stream',
  },
  /** A checkpoint: safetensors with the model description in its metadata. */
  checkpoint: {
    params: z.object({ runId: id, kind: z.enum(['best', 'last']) }),
    methods: ['GET', 'PUT'],
    type: 'application/octet-stream',
  },
  /** The safetensors file a run with `fromFile` begins with: sent once the run is made, before it is trained. */
  beginning: { params: z.object({ runId: id }), methods: ['GET', 'PUT'], type: 'application/octet-stream' },
  /** The file of a backbone that is at hand. */
  backbone: { params: z.object({ name: backboneName }), methods: ['GET'], type: 'application/octet-stream' },
  /** Photos letterboxed to squares: a byte a photo, 1 where it could be read, then u8 [size, size, 3] of those, one after
   *  the other. */
  featurePixels: {
    params: z.object({ jobId: id, photoIds: photoIdList, size: z.number().int().min(32).max(512) }),
    methods: ['GET'],
    type: 'application/octet-stream',
  },
  /** Features of photos as f32 [photos, numbers]. */
  features: {
    params: z.object({
      photoIds: photoIdList,
      backbone: FeatureKind.shape.backbone,
      size: FeatureKind.shape.size,
      numbers: FeatureKind.shape.numbers,
      /** The job they are put for; 0 where they are asked for. */
      jobId: id,
    }),
    methods: ['GET', 'PUT'],
    type: 'application/octet-stream',
  },
  /** What heads that have not learnt from a photo say of it, f32 [rows of the check, classes]. */
  labelCheckProbabilities: {
    params: z.object({ checkId: id }),
    methods: ['PUT'],
    type: 'application/octet-stream',
  },
  /** What the same heads say of photos without a label, f32 [unlabelled rows of the check, classes + 1]: probabilities, then
   *  the cosine to the centre of the nearest class. */
  labelCheckProposals: {
    params: z.object({ checkId: id }),
    methods: ['PUT'],
    type: 'application/octet-stream',
  },
  /** Probabilities of every row of a run as f32 [rows, classes]. */
  predictions: { params: z.object({ runId: id }), methods: ['GET', 'PUT'], type: 'application/octet-stream' },
  /** Features of every row of a run as f32 [rows, D], D the same for all: what the last dense layer of its net reads.
   */
  embeddings: { params: z.object({ runId: id }), methods: ['GET', 'PUT'], type: 'application/octet-stream' },
  /** Probabilities of every row by the net of a fold, f32 [rows, classes]. */
  foldPredictions: {
    params: z.object({ runId: id, fold: z.number().int().min(0).max(19) }),
    methods: ['GET', 'PUT'],
    type: 'application/octet-stream',
  },
  /** The net of a fold, as a checkpoint. */
  foldCheckpoint: {
    params: z.object({ runId: id, fold: z.number().int().min(0).max(19) }),
    methods: ['GET', 'PUT'],
    type: 'application/octet-stream',
  },
  /** The area under the margin (AUM) of every row of a run as f32 [rows]: mean over the epochs, NaN for rows that were
   *  not trained on; then f32 [rows], of how many epochs, which may be left out. */
  margins: { params: z.object({ runId: id }), methods: ['GET', 'PUT'], type: 'application/octet-stream' },
  /** What a run says of its photos and how good it is: one line a photo, or one self-contained page. */
  report: {
    params: z.object({
      runId: id,
      split: SplitName,
      format: z.enum(reportFormats),
      language: z.enum(['en', 'ko']).optional(),
    }),
    methods: ['GET'],
    type: 'application/octet-stream',
  },
  export: { params: z.object({ exportId: z.string() }), methods: ['GET'], type: 'application/octet-stream' },
  /** The photos a run would use as a list (default CSV: path, label, split). Relative paths begin at the folder that holds all
   *  photos. */
  dataset: {
    params: z.object({
      format: z.enum(listFormatNames).optional(),
      paths: z.enum(['absolute', 'relative']).optional(),
    }),
    methods: ['GET'],
    type: 'application/octet-stream',
  },
  /** The answers of a finished job of kind 'classify' as CSV. */
  classified: { params: z.object({ jobId: id }), methods: ['GET'], type: 'application/octet-stream' },
  /** A photo file that is in no library, for a look at what a model says of it; its picture comes back. The newest few
   *  are kept. */
  visitor: { params: temporaryPhoto, methods: ['GET', 'PUT'], type: 'image/webp' },
  /** A temporary photo as a run sees it, u8 [H, W, C] by the rule of docs/pixels.md. */
  visitorPixels: { params: temporaryPhoto.extend({ runId: id }), methods: ['GET'], type: 'application/octet-stream' },
} as const

export type RequestName = keyof typeof requests
export type RequestParams<N extends RequestName> = z.input<(typeof requests)[N]['params']>
export type RequestResult<N extends RequestName> = z.output<(typeof requests)[N]['result']>
export type StreamName = keyof typeof streams
export type StreamParams<N extends StreamName> = z.input<(typeof streams)[N]['params']>
export type StreamItem<N extends StreamName> = z.output<(typeof streams)[N]['result']>
export type BytesName = keyof typeof bytes
export type BytesParams<N extends BytesName> = z.input<(typeof bytes)[N]['params']>

/** What the page, the training worker and the terminal hold: the same on every transport. Failures are ServiceError. */
export interface Client {
  /** Aborting `signal` rejects with its reason and cancels the work where it runs. */
  request<N extends RequestName>(name: N, params: RequestParams<N>, signal?: AbortSignal): Promise<RequestResult<N>>
  /** Items arrive in order until the returned function is called. */
  subscribe<N extends StreamName>(name: N, params: StreamParams<N>, onItem: (item: StreamItem<N>) => void): () => void
  getBytes<N extends BytesName>(name: N, params: BytesParams<N>): Promise<Uint8Array<ArrayBuffer>>
  putBytes<N extends BytesName>(name: N, params: BytesParams<N>, body: Uint8Array<ArrayBuffer>): Promise<void>
  /** An address for <img> and links; on a host without a page it throws. */
  url<N extends BytesName>(name: N, params: BytesParams<N>): string
}

/** What the services offer: one function a request, one a stream, one a kind of bytes. `signal` ends with the caller.
 */
export interface Service {
  readonly requests: {
    [N in RequestName]: (
      params: z.output<(typeof requests)[N]['params']>,
      signal: AbortSignal,
    ) => Promise<RequestResult<N>> | RequestResult<N>
  }
  readonly streams: {
    [N in StreamName]: (
      params: z.output<(typeof streams)[N]['params']>,
      emit: (item: StreamItem<N>) => void,
    ) => () => void
  }
  readonly bytes: { [N in BytesName]: BytesHandler<z.output<(typeof bytes)[N]['params']>> }
  /** Stops jobs at the next safe point, writes what is unwritten, closes the library. */
  close(): Promise<void>
}

export interface BytesHandler<P> {
  get(params: P): Promise<{ bytes: Uint8Array; type?: string; fileName?: string }>
  put?(params: P, body: Uint8Array): Promise<void>
  /** The most bytes that such a body can have, known before it is read; default: `largestBody`. */
  largest?(params: P): number
}

/** Of nets and features, whose size is not known before. */
export const largestBody = 1_073_741_824
