// The terminal host as a person meets it: commands run in this process, with folders of their own that are removed
// afterwards.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCli } from '../../../../src/main/hosts/cli/run.ts'
import { drawSample, type SampleKind } from '../../../../src/main/pixels/sample-photos.ts'
import { root } from '../../../rules/sources.ts'

export interface Answer {
  readonly code: number
  readonly out: string
  readonly err: string
  /** Of --json. */
  readonly events: readonly ({ readonly type: string } & Record<string, unknown>)[]
}

export class Terminal {
  readonly folder = mkdtempSync(join(tmpdir(), 'winnow-cli-'))

  /** Of the largest photo that is read. */
  maxPixels: number | undefined

  async run(...args: string[]): Promise<Answer> {
    return await this.runUntil(new AbortController().signal, ...args)
  }

  /** As Ctrl+C would, as soon as what it has said matches. */
  async runUntilSaid(pattern: RegExp, ...args: string[]): Promise<Answer> {
    const stop = new AbortController()
    return await this.#run(stop.signal, args, said => pattern.test(said) && stop.abort())
  }

  async runUntil(signal: AbortSignal, ...args: string[]): Promise<Answer> {
    return await this.#run(signal, args, () => {})
  }

  async #run(signal: AbortSignal, args: string[], onSaid: (said: string) => void): Promise<Answer> {
    const text = { out: '', err: '' }
    const code = await runCli(args, {
      files: {
        root,
        decoder: join(root, 'src', 'main', 'pixels', 'pool', 'decoder.ts'),
        checker: join(root, 'src', 'main', 'db', 'checker.ts'),
        page: join(this.folder, 'page'),
      },
      folders: { config: join(this.folder, 'config'), libraries: join(this.folder, 'libraries') },
      home: this.folder,
      cwd: this.folder,
      version: '0.0.0-test',
      signal,
      maxPixels: this.maxPixels,
      stdout: { write: chunk => ((text.out += chunk), onSaid(text.out)) },
      stderr: { write: chunk => ((text.err += chunk), onSaid(text.err)) },
    })
    const events = args.includes('--json')
      ? text.out
          .trim()
          .split('\n')
          .map(line => JSON.parse(line) as Answer['events'][number])
      : []
    return { code, ...text, events }
  }

  /** Small drawn photos below `<folder>/<name>/<class>/`. */
  photos(name: string, classes: Readonly<Record<string, number>>): string {
    const kinds: readonly SampleKind[] = ['pebbles', 'tiles', 'waves']
    Object.entries(classes).forEach(([className, count], k) => {
      mkdirSync(join(this.folder, name, className), { recursive: true })
      for (let i = 0; i < count; i++) {
        const seed = 100 * k + i
        const photo = drawSample({
          kind: kinds[k % 3]!,
          width: 24,
          height: 24,
          seed,
          light: 1,
          grain: 5,
          grainSeed: seed + 50,
        })
        writeFileSync(join(this.folder, name, className, `${className}-${i}.png`), photo)
      }
    })
    return name
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
