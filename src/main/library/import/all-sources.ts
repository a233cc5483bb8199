// Several sources as one: lists first, so that a photo that a list names has the list's label also where its folder is
// imported beside it; and each photo once.

import { resolve } from 'node:path'
import type { ReadDb } from '../../db/database.ts'
import {
  checkSources,
  fileSourceKind,
  openSource,
  sourcesThatAreClasses,
  type OpenSource,
  type SourceOptions,
} from './sources.ts'
import { isPhoto, type ScanStep } from './steps.ts'

/** Opens one after the other; `db`: paths of lists may also begin in the folders that the library has. */
export async function* openSources(
  paths: readonly string[],
  options: Omit<SourceOptions, 'classes' | 'bases'>,
  db: ReadDb | null,
): AsyncGenerator<OpenSource, void> {
  await checkSources(paths)
  const classes = await sourcesThatAreClasses(paths)
  const folders = paths.filter(path => fileSourceKind(path) === null).map(path => resolve(path))
  const bases = [...folders, ...(db?.values<string>('SELECT path FROM root') ?? [])]
  const listed = new Set<string>()
  for (const path of paths.toSorted((a, b) => +isList(b) - +isList(a))) {
    const onLayout = classes.has(path) ? undefined : options.onLayout
    const source = await openSource(path, { ...options, onLayout, classes, bases })
    for (const { path: photo } of source.list?.photos ?? []) listed.add(photo)
    yield source.list || listed.size === 0 ? source : { ...source, steps: without(source.steps, listed) }
  }
}

function isList(path: string): boolean {
  return fileSourceKind(path) === 'csv'
}

async function* without(steps: OpenSource['steps'], listed: ReadonlySet<string>): AsyncGenerator<ScanStep, void> {
  for await (const step of steps) if (!isPhoto(step) || !listed.has(step.path)) yield step
}
