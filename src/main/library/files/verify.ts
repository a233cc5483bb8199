// The full check of a library, on demand: the file of the database, every photo's bytes against its hash, every record
// of the caches and every file of a run against its checksum, and what lies in the library's folder without belonging to anything. It reports;
// it deletes nothing but damaged cache records, which are made again when they are needed.

import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { findDamage, type DatabaseCheck } from '../../db/check.ts'
import type { ReadDb } from '../../db/database.ts'
import { damaged } from '../../db/errors.ts'
import { featureKindOfIndex } from '../../pixels/cache/feature-cache.ts'
import { shapeOfIndex } from '../../pixels/cache/pixel-cache.ts'
import type { CacheCheck } from '../../pixels/types.ts'
import type { JobControl, LibraryContext, LibraryFiles } from '../context.ts'
import { findDamagedFiles } from '../../runs/files/checksums.ts'
import { checkFiles } from './missing-files.ts'

/**
 * Work of a job of kind 'verify'. Result: missing, changed, orphans, damaged (cache records), and damagedFiles (of runs)
 * where there are any. ServiceError
 * 'library-damaged' where the database is not whole. `checkFile` checks it elsewhere; without one that is done here,
 * without a pause.
 */
export async function verifyLibrary(
  ctx: Pick<LibraryContext, 'library' | 'pixels'>,
  control: JobControl,
  checkFile?: DatabaseCheck,
): Promise<void> {
  await checkDatabase(ctx.library, control, checkFile)
  const orphans = await findOrphans(ctx.library)
  const caches = await checkCaches(ctx, control)
  const { missing, changed } = await checkFiles(ctx.library, control, true)
  const damagedFiles = await findDamagedFiles(ctx.library.paths.runs, control.signal)
  control.result({
    missing,
    changed,
    orphans: orphans.length,
    damaged: caches.reduce((sum, cache) => sum + cache.damaged, 0),
    ...(damagedFiles.length > 0 && { damagedFiles: damagedFiles.length }),
  })
}

/** Absolute paths in the library's folder that belong to nothing in it. */
export async function findOrphans(library: LibraryFiles): Promise<string[]> {
  return [...(await orphanedRuns(library)), ...(await orphanedImports(library))]
}

/** Thumbnails, and the training pixels and features of every shape that has a file. */
async function checkCaches(
  { library, pixels }: Pick<LibraryContext, 'library' | 'pixels'>,
  { signal }: JobControl,
): Promise<CacheCheck[]> {
  const shapes = (await names(join(library.paths.cache, 'pixels'))).flatMap(name => shapeOfIndex(name) ?? [])
  const checks = [await pixels.thumbnails.verify(signal)]
  for (const shape of shapes) checks.push(await pixels.cache(shape).verify(signal))
  const kinds = (await names(join(library.paths.cache, 'features'))).flatMap(name => featureKindOfIndex(name) ?? [])
  for (const kind of kinds) checks.push(await pixels.features(kind).verify(signal))
  return checks
}

/** On network drives, where there is no write-ahead log, another process that reads would keep the service from
 *  writing. */
async function checkDatabase(
  { db, paths }: LibraryFiles,
  { signal }: JobControl,
  checkFile?: DatabaseCheck,
): Promise<void> {
  const file = join(paths.folder, 'library.db')
  const damage = checkFile && existsSync(`${file}-wal`) ? await checkFile(file, signal) : findDamage(db)
  if (damage !== null) throw damaged(paths.folder, damage)
}

/** Folders of runs that the library does not have. */
async function orphanedRuns({ db, paths }: LibraryFiles): Promise<string[]> {
  const known = new Set(db.values<number>('SELECT id FROM run').map(String))
  return (await names(paths.runs)).filter(name => !known.has(name)).map(name => join(paths.runs, name))
}

/** Unpacked archives that no photo lies in, as a stopped import leaves them. */
async function orphanedImports({ db, paths }: LibraryFiles): Promise<string[]> {
  const used = usedRoots(db)
  return (await names(paths.imports))
    .map(name => join(paths.imports, name))
    .filter(path => !used.some(root => root === path || root.startsWith(path + sep)))
}

function usedRoots(db: ReadDb): string[] {
  return db.values<string>('SELECT path FROM root WHERE EXISTS (SELECT 1 FROM photo WHERE photo.root_id = root.id)')
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}
