// The library's part of the service: photos, labels, classes, imports, checks and jobs of the library that is open.

import type { BytesName, RequestName, Service } from '../../contract/table.ts'
import type { LibraryContext } from './context.ts'
import { checkReport } from './check-report.ts'
import { createDuplicateGroups } from './duplicate-groups.ts'
import { predictionRun } from './filter.ts'
import type { Folders } from './folders.ts'
import type { History } from './history.ts'
import type { ImportParams } from './import.ts'
import type { Jobs } from './jobs.ts'
import { photoBytes, thumbnailBytes } from './photo-bytes.ts'
import { createPhotoLists } from './photo-lists.ts'
import { photoDetail, photoPage } from './photos.ts'
import { problemCounts } from './problems.ts'
import type { RelinkParams } from './session.ts'
import { createClass, listClasses } from './summary.ts'

export interface LibraryParts {
  readonly ctx: LibraryContext
  readonly jobs: Jobs
  readonly history: History
  readonly folders: Folders
}

type Slice<N extends RequestName> = Pick<Service['requests'], N>
type PhotoNames = 'photos.page' | 'photos.get' | 'photos.label' | 'photos.exclude' | 'photos.split' | 'history.undo' | 'history.redo'
type SetNames = 'classes.list' | 'classes.create' | 'check.start' | 'check.summary' | 'check.report'
type JobNames = 'import.start' | 'files.relink' | 'library.verify' | 'jobs.list' | 'jobs.pause' | 'jobs.resume' | 'jobs.cancel'

export function photoRequests({ ctx, history }: LibraryParts): Slice<PhotoNames> {
  const { db } = ctx.library
  const lists = createPhotoLists(db)
  const told = <T>(answer: T): T => {
    ctx.changed()
    return answer
  }
  return {
    'photos.page': query => photoPage(db, lists, query),
    'photos.get': ({ photoId }) => photoDetail(db, photoId),
    'photos.label': ({ selection, classId }) => told(history.label(selection, classId)),
    'photos.exclude': ({ selection, excluded }) => told(history.exclude(selection, excluded)),
    'photos.split': ({ selection, split }) => told(history.split(selection, split)),
    'history.undo': () => told(history.undo()),
    'history.redo': () => told(history.redo()),
  }
}

export function duplicateRequests({ ctx, history }: LibraryParts): Slice<'duplicates.groups' | 'duplicates.keep' | 'duplicates.exclude'> {
  const { db } = ctx.library
  const groups = createDuplicateGroups(db, history, () => predictionRun(db, {}))
  return {
    'duplicates.groups': ({ distance, offset, limit }) => groups.page(distance, offset, limit),
    'duplicates.keep'({ photoId }) {
      const answer = groups.keep(photoId)
      ctx.changed()
      return answer
    },
    'duplicates.exclude'({ distance, keeperIds }) {
      const answer = groups.exclude(distance, keeperIds ?? null)
      ctx.changed()
      return answer
    },
  }
}

export function setRequests({ ctx, jobs }: LibraryParts): Slice<SetNames> {
  const { db } = ctx.library
  return {
    'classes.list': () => listClasses(db),
    'classes.create'({ name }) {
      const made = createClass(db, name, ctx.now().toISOString())
      ctx.changed()
      return made
    },
    'check.start': () => ({ jobId: jobs.begin('check', {}).jobId }),
    'check.summary': () => problemCounts(db),
    'check.report': () => checkReport(db),
  }
}

export function jobRequests({ jobs, folders }: LibraryParts): Slice<JobNames> {
  return {
    'import.start'({ folderIds }) {
      const params: ImportParams = { folders: folderIds.map(id => folders.pathOf(id)) }
      return { jobId: jobs.begin('import', params).jobId }
    },
    'files.relink'({ folderId }) {
      const params: RelinkParams = { folder: folders.pathOf(folderId) }
      return { jobId: jobs.begin('relink', params).jobId }
    },
    'library.verify': () => ({ jobId: jobs.begin('verify', {}).jobId }),
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

export function photoByteHandlers({ ctx }: LibraryParts): Pick<Service['bytes'], Extract<BytesName, 'thumbnail' | 'photo'>> {
  return {
    thumbnail: { get: ({ photoId }) => thumbnailBytes(ctx, photoId) },
    photo: { get: ({ photoId }) => photoBytes(ctx, photoId) },
  }
}
