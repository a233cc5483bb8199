// The library that is open, one at most. Opening, making and closing happen one after the other, however the requests
// come; the library that is open stays so where another cannot be opened, and is let go of where it cannot be closed
// well.

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { LibrarySummary } from '../../contract/records.ts'
import { createLibrary, libraryFolder, openLibrary, type LibraryHandle } from '../library/library.ts'
import type { RecentLibraries } from './recent-libraries.ts'
import {
  currentLibrary,
  openLibraryFrom,
  recentOf,
  summaryOf,
  type LibraryOptions,
  type LibraryWorld,
  type OpenLibrary,
} from './open-library.ts'
import type { DecodePool } from '../pixels/types.ts'

export interface Libraries {
  /** Null where none is open. */
  opened(): OpenLibrary | null
  summary(): LibrarySummary | null
  openAt(folder: string): Promise<LibrarySummary>
  createAt(parent: string, name: string): Promise<LibrarySummary>
  /** Opens the sample library, made on first use, and sees to it that its import is done or under way. */
  openSample(): Promise<{ jobId: number }>
  recent(): ReturnType<RecentLibraries['list']>
  close(): Promise<void>
}

export function createLibraries(options: LibraryOptions, world: LibraryWorld): Libraries {
  return new OneLibrary(options, world)
}

class OneLibrary implements Libraries {
  readonly #options: LibraryOptions
  readonly #world: LibraryWorld
  #pool: DecodePool | null = null
  #opened: OpenLibrary | null = null
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: LibraryOptions, world: LibraryWorld) {
    this.#options = options
    this.#world = world
  }

  opened(): OpenLibrary | null {
    return this.#opened
  }

  summary(): LibrarySummary | null {
    return this.#opened && summaryOf(this.#opened)
  }

  openAt(folder: string): Promise<LibrarySummary> {
    return this.#inTurn(async () => {
      if (this.#opened && this.#isOpenAt(resolve(folder))) return summaryOf(this.#opened)
      return this.#take(() => openLibrary(folder, this.#world.now))
    })
  }

  createAt(parent: string, name: string): Promise<LibrarySummary> {
    return this.#inTurn(() => this.#take(() => createLibrary(parent, name, this.#world.now)))
  }

  async openSample(): Promise<{ jobId: number }> {
    const { librariesFolder } = this.#options
    const folder = libraryFolder(librariesFolder, 'Sample')
    if (!this.#isOpenAt(folder)) {
      await (existsSync(join(folder, 'library.db')) ? this.openAt(folder) : this.createAt(librariesFolder, 'Sample'))
    }
    const { jobs } = currentLibrary(this.#opened).session
    const last = jobs.list().find(job => job.kind === 'sample')
    if (!last || last.state === 'cancelled') return { jobId: jobs.begin('sample', {}).jobId }
    if (last.state !== 'done') jobs.resume(last.id)
    return { jobId: last.id }
  }

  recent(): ReturnType<RecentLibraries['list']> {
    if (this.#opened) this.#noteRecent(this.#opened)
    return this.#world.recentLibraries.list()
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      try {
        await this.#closeCurrent()
      } finally {
        await this.#pool?.close()
        this.#pool = null
      }
    })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }

  /** Opens first and closes the other then, so that it stays open where this one cannot be opened. */
  async #take(open: () => Promise<LibraryHandle>): Promise<LibrarySummary> {
    const handle = await open()
    const closing = await this.#closeCurrent().then(
      () => null,
      (error: unknown) => ({ error }),
    )
    this.#pool ??= this.#options.createPool()
    this.#opened = openLibraryFrom(handle, this.#pool, this.#options, this.#world)
    this.#noteRecent(this.#opened)
    this.#world.onChange()
    // Told, but not held against the library that was asked for: a disk without room for a backup would keep one from
    // leaving it.
    if (closing) throw closing.error
    return summaryOf(this.#opened)
  }

  async #closeCurrent(): Promise<void> {
    const closing = this.#opened
    if (!closing) return
    this.#opened = null
    try {
      this.#noteRecent(closing)
    } finally {
      closing.trainers.close()
      await closing.session.close()
    }
  }

  #isOpenAt(folder: string): boolean {
    return this.#opened?.session.ctx.library.paths.folder === folder
  }

  #noteRecent(library: OpenLibrary): void {
    this.#world.recentLibraries.note(recentOf(library, this.#world.now()))
  }
}
