// The library's part of the service: photos, labels, classes, imports, checks and jobs of the library that is open.

import { defaultThresholds } from '../../contract/problems.ts'
import { ServiceError } from '../../contract/errors.ts'
import type { SplitName } from '../../contract/records.ts'
import type { BytesName, RequestName, Service } from '../../contract/table.ts'
import { augmentationPreview } from './photos/augmentation-preview.ts'
import type { LibraryContext } from './context.ts'
import { listClasses } from './tables/classes.ts'
import { setNearDistance } from './checks/check.ts'
import { checkReport } from './checks/check-report.ts'
import { readNearDistance } from './checks/duplicates.ts'
import { createDuplicateGroups } from './photos/duplicate-groups.ts'
import { fileErrorsCsv } from './files/file-errors.ts'
import { predictionRun } from './tables/filter.ts'
import type { Folders } from '../app/folder-picker.ts'
import { dealByShares } from './columns/deal-splits.ts'
import type { History, ListedValues } from './decisions/history.ts'
import type { ImportParams } from './import/import.ts'
import { lostFolders } from './import/lost-folders.ts'
import type { Jobs } from './jobs/jobs.ts'
import { photoBytes, thumbnailBytes, thumbnailPack } from './photos/photo-bytes.ts'
import type { PhotoLists } from './tables/photo-lists.ts'
import { photoDetail, photoPage } from './photos/photos.ts'
import { problemCounts } from './tables/problem-counts.ts'
import type { RelinkParams } from './session.ts'
import { photoFile } from './tables/roots.ts'
import { findDamagedFiles } from '../runs/files/checksums.ts'
import { findOrphans } from './files/verify.ts'
import { checkedPhotos, readThresholds, setDefinitions, setThresholds } from './checks/thresholds.ts'

export interface LibraryParts {
  readonly ctx: LibraryContext
  readonly jobs: Jobs
  readonly history: History
  readonly lists: PhotoLists
  readonly folders: Folders
  /** Shows a file in the system's file manager; hosts without one leave it out. */
  readonly reveal?: ((path: string) => Promise<void>) | undefined
}

type Slice<N extends RequestName> = Pick<Service['requests'], N>
type PhotoNames =
  | 'photos.page'
  | 'photos.place'
  | 'photos.get'
  | 'photos.label'
  | 'photos.exclude'
  | 'photos.split'
  | 'photos.dealSplits'
  | 'problems.accept'
  | 'history.undo'
  | 'history.redo'
type SetNames =
  | `classes.${'list' | 'create' | 'rename' | 'merge' | 'delete'}`
  | `check.${'start' | 'summary' | 'report' | 'photos' | 'thresholds' | 'setThresholds'}`
type JobNames =
  | 'import.start'
  | 'files.relink'
  | 'files.lost'
  | 'files.retry'
  | 'files.reveal'
  | 'library.verify'
  | 'library.orphans'
  | 'library.damagedFiles'
  | 'jobs.list'
  | 'jobs.pause'
  | 'jobs.resume'
  | 'jobs.cancel'

/** Passes on what a change answers, after ringing for it. */
function teller(ctx: LibraryContext): <T>(answer: T) => T {
  return answer => {
    ctx.changed()
    return answer
  }
}

export function photoRequests({ ctx, history, lists }: LibraryParts): Slice<PhotoNames> {
  const { db } = ctx.library
  const told = teller(ctx)
  return {
    'photos.page': query => photoPage(db, lists, query),
    'photos.place': query => ({ index: lists.place(query) }),
    'photos.get': ({ photoId }) => photoDetail(db, photoId),
    'photos.label': ({ selection, classId }) => told(history.label(selection, classId)),
    'photos.exclude': ({ selection, excluded }) => told(history.exclude(selection, excluded)),
    'photos.split': ({ selection, split }) => told(history.split(selection, split)),
    'photos.dealSplits': options => told(history.dealSplits(listed(dealByShares(db, options)))),
    'problems.accept': ({ selection, code, accepted }) => told(history.accept(selection, code, accepted)),
    'history.undo': ({ decisionId }) => told(history.undo(decisionId)),
    'history.redo': () => told(history.redo()),
  }
}

function listed(splits: Readonly<Record<SplitName, number[]>>): ListedValues<SplitName>[] {
  return Object.entries(splits).map(([value, ids]) => ({ value: value as SplitName, ids }))
}

export function duplicateRequests({
  ctx,
  history,
}: LibraryParts): Slice<`duplicates.${'groups' | 'distance' | 'setDistance' | 'keep' | 'exclude'}`> {
  const { db } = ctx.library
  const told = teller(ctx)
  const groups = createDuplicateGroups(db, history, () => predictionRun(db, {}))
  return {
    'duplicates.groups': ({ kind, offset, limit }) => groups.page(kind, offset, limit),
    'duplicates.distance': () => ({ distance: readNearDistance(db) }),
    'duplicates.setDistance'({ distance }) {
      setNearDistance(db, distance)
      return told({ distance })
    },
    'duplicates.keep': ({ photoId }) => told(groups.keep(photoId)),
    'duplicates.exclude': ({ kind, keeperIds }) => told(groups.exclude(kind, keeperIds ?? null)),
  }
}

export function setRequests({ ctx, jobs, history }: LibraryParts): Slice<SetNames> {
  const { db } = ctx.library
  const told = teller(ctx)
  return {
    'classes.list': () => listClasses(db),
    'classes.create': ({ name }) => told(history.createClass(name)),
    'classes.rename': ({ classId, name }) => told(history.renameClass(classId, name)),
    'classes.merge': ({ classId, intoId }) => told(history.mergeClass(classId, intoId)),
    'classes.delete': ({ classId }) => told(history.deleteClass(classId)),
    'check.start': ({ like }) => {
      setDefinitions(db, like ?? null)
      return { jobId: jobs.begin('check', {}).jobId }
    },
    'check.summary': () => problemCounts(db),
    'check.report': () => checkReport(db),
    'check.photos': ({ afterId, limit }) => checkedPhotos(db, afterId, limit),
    'check.thresholds': () => ({ thresholds: readThresholds(db), usual: defaultThresholds }),
    'check.setThresholds': ({ thresholds }) => told({ thresholds: setThresholds(db, thresholds) }),
  }
}

export function jobRequests({ ctx, jobs, folders, reveal }: LibraryParts): Slice<JobNames> {
  return {
    'import.start'({ folderIds, layout, moved }) {
      const params: ImportParams = { folders: folderIds.map(id => folders.pathOf(id)), layout, moved }
      return { jobId: jobs.begin('import', params).jobId }
    },
    'files.relink'({ folderId }) {
      const params: RelinkParams = { folder: folders.pathOf(folderId) }
      return { jobId: jobs.begin('relink', params).jobId }
    },
    async 'files.lost'() {
      const lost = await lostFolders(ctx.library)
      return Promise.all(
        lost.map(async ({ path, photos, found }) => ({
          path,
          photos,
          found: found === null ? null : { folderId: await folders.grant(found), path: found },
        })),
      )
    },
    'files.retry'({ photoIds }) {
      const params: ImportParams = { again: photoIds ?? null }
      return { jobId: jobs.begin('import', params).jobId }
    },
    async 'files.reveal'({ photoId }) {
      await showFile(photoFile(ctx.library.db, photoId), reveal)
      return {}
    },
    'library.verify': () => ({ jobId: jobs.begin('verify', {}).jobId }),
    'library.orphans': async () => ({ paths: await findOrphans(ctx.library) }),
    'library.damagedFiles': async (_, signal) => ({ paths: await findDamagedFiles(ctx.library.paths.runs, signal) }),
    'jobs.list': () => jobs.list(),
    async 'jobs.pause'({ jobId }) {
      await jobs.pause(jobId)
      return {}
    },
    'jobs.resume'({ jobId }) {
      jobs.resume(jobId)
      return {}
    },
    async 'jobs.cancel'({ jobId }) {
      await jobs.cancel(jobId)
      return {}
    },
  }
}

async function showFile(path: string, reveal: LibraryParts['reveal']): Promise<void> {
  const unable = (why: string) =>
    new ServiceError('cannot-reveal', `The file manager cannot be opened here${why}.`, `The file is ${path}.`)
  if (!reveal) throw unable('')
  await reveal(path).catch(error => {
    throw unable(` (${(error as Error).message})`)
  })
}

export function photoByteHandlers({
  ctx,
}: Pick<LibraryParts, 'ctx'>): Pick<
  Service['bytes'],
  Extract<BytesName, 'thumbnail' | 'thumbnails' | 'photo' | 'fileErrors' | 'augmentationPreview'>
> {
  return {
    fileErrors: {
      get: async () => ({
        bytes: Buffer.from(fileErrorsCsv(ctx.library.db)),
        fileName: `${ctx.library.name} - file errors.csv`,
      }),
    },
    thumbnail: { get: ({ photoId }) => thumbnailBytes(ctx, photoId) },
    thumbnails: { get: async ({ photoIds }) => ({ bytes: await thumbnailPack(ctx, photoIds.split(',').map(Number)) }) },
    photo: { get: ({ photoId }) => photoBytes(ctx, photoId) },
    augmentationPreview: {
      get: async wanted => ({ bytes: await augmentationPreview(ctx, wanted), type: 'image/webp' }),
    },
  }
}
