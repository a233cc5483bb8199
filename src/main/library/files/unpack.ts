// A ZIP of photo folders, unpacked once into the library's own folder: "imports/<name>-<fingerprint>". A name that
// would leave the folder is never written; what is unpacked is renamed into place whole, so a half unpacked archive is
// never imported.

import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ServiceError } from '../../../contract/errors.ts'
import { translateError } from '../../db/errors.ts'
import type { JobControl } from '../context.ts'
import type { SkippedFolder, SkipReason } from '../../../contract/records.ts'
import { largestPhotoBytes } from '../../pixels/types.ts'
import { folderReasonByName, reasonByName } from './file-kinds.ts'
import { fittingName } from '../../common/file-names.ts'
import { privateFile, privateFolder } from '../../common/private-files.ts'
import { openZip, type ZipEntry, type ZipFile } from '../../formats/zip.ts'

/** Who unpacks: two jobs at once keep out of each other's way, and one that is taken up again clears what it had begun.
 */
export type Unpacking = Pick<JobControl, 'jobId' | 'signal'>

/** The folder with the archive's photos, unpacked below `importsFolder` unless it is there already. */
export async function unpackZip(path: string, importsFolder: string, { jobId, signal }: Unpacking): Promise<string> {
  const { size, mtimeMs } = await stat(path)
  const print = createHash('sha256')
    .update(`${resolve(path)} ${size} ${mtimeMs}`)
    .digest('hex')
    .slice(0, 8)
  const target = join(importsFolder, fittingName(`${basename(path).replace(/\.zip$/i, '')}-${print}`))
  if (await isThere(target)) return target
  const partial = join(importsFolder, `.${print}-${jobId}.partial`)
  const zip = await openZip(path)
  try {
    await rm(partial, { recursive: true, force: true })
    const entries = sortEntries(zip).photos
    await checkRoom(path, importsFolder, entries)
    await mkdir(partial, privateFolder)
    for (const entry of entries) await writeEntry(zip, entry, partial, signal)
    if (!(await isThere(target))) await rename(partial, target)
    return target
  } catch (error) {
    if (await isThere(target)) return target
    throw translateError(error, importsFolder)
  } finally {
    await rm(partial, { recursive: true, force: true })
    await zip.close()
  }
}

/** What was being unpacked when an earlier session ended. What cannot be deleted stays, and the full check lists it. */
export async function forgetHalfUnpacked(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter(name => name.endsWith('.partial')))
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => {})
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )

/** What an archive holds: photos to be, and what is passed over with the reason; folders by how many files they hold. */
export interface SortedEntries {
  readonly photos: readonly ZipEntry[]
  readonly skipped: readonly { readonly path: string; readonly skipped: SkipReason }[]
  readonly leftOut: readonly SkippedFolder[]
}

/** No folders, no documents, nothing hidden, no name that points outside, nothing larger than what is ever read. */
export function sortEntries({ entries }: Pick<ZipFile, 'entries'>): SortedEntries {
  const photos = new Map<string, ZipEntry>()
  const skipped: { path: string; skipped: SkipReason }[] = []
  const folders = new Map<string, SkippedFolder & { files: number }>()
  for (const entry of entries.filter(({ name }) => !name.endsWith('/'))) {
    const folder = leftOutFolder(entry.name)
    const reason = folder ? null : reasonToSkip(entry)
    if (folder) folders.set(folder.path, { ...folder, files: (folders.get(folder.path)?.files ?? 0) + 1 })
    else if (reason !== null || photos.has(entry.name))
      skipped.push({ path: entry.name, skipped: reason ?? 'same-name' })
    else photos.set(entry.name, entry)
  }
  return { photos: [...photos.values()], skipped, leftOut: [...folders.values()] }
}

function leftOutFolder(name: string): { path: string; reason: 'hidden' | 'system' } | null {
  const folders = name.split('/').slice(0, -1)
  if (folders.includes('..')) return null
  const at = folders.findIndex(folder => folderReasonByName(folder) !== null)
  return at < 0 ? null : { path: folders.slice(0, at + 1).join('/'), reason: folderReasonByName(folders[at]!)! }
}

function reasonToSkip({ name, size }: ZipEntry): SkipReason | null {
  const parts = name.split('/')
  if (name.includes('\0') || /^[a-z]:/i.test(name) || parts.includes('') || parts.includes('..')) return 'outside'
  return reasonByName(parts.at(-1)!) ?? (size > largestPhotoBytes ? 'too-large' : null)
}

async function writeEntry(zip: ZipFile, entry: ZipEntry, folder: string, signal: AbortSignal): Promise<void> {
  const target = resolve(folder, entry.name.split('/').map(fittingName).join('/'))
  if (!target.startsWith(resolve(folder) + sep)) return
  await mkdir(dirname(target), privateFolder)
  await pipeline(await zip.read(entry), createWriteStream(target, privateFile), { signal })
}

async function checkRoom(path: string, folder: string, entries: readonly ZipEntry[]): Promise<void> {
  await mkdir(folder, privateFolder)
  const needed = entries.reduce((sum, entry) => sum + entry.size, 0)
  const { bavail, bsize } = await statfs(folder)
  if (needed <= bavail * bsize) return
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`
  throw new ServiceError(
    'disk-full',
    `Unpacking ${path} needs ${megabytes(needed)}, and ${megabytes(bavail * bsize)} are free on the disk of ${folder}.`,
    'Free some space, or unpack it on another disk and import the folder.',
  )
}
