// What the terminal host is handed: where the built parts are, the streams, the environment. Tests hand in their own.

import type { AppFolders } from '../folders.ts'

/** Absolute paths of the built parts. */
export interface AppFiles {
  readonly root: string
  readonly decoder: string
  readonly checker: string
  readonly page: string
}

export interface TextStream {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

export interface CliHost {
  readonly files: AppFiles
  readonly folders: AppFolders
  readonly home: string
  readonly cwd: string
  readonly version: string
  /** Of the largest photo that is read; undefined: as usual. */
  readonly maxPixels?: number | undefined
  readonly stdout: TextStream
  readonly stderr: TextStream
  /** Aborts when the person presses Ctrl+C. */
  readonly signal: AbortSignal
}
