// Runs the built terminal host with --json, as another program would, and unpacks the data once.

import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Report } from './report.ts'

export interface Story {
  readonly data: string
  readonly work: string
  readonly root: string
  readonly report: Report
}

export type CliEvent = { readonly type: string } & Record<string, any>

export interface Finished {
  readonly events: readonly CliEvent[]
  readonly seconds: number
  /** The first event of this type; throws when there is none. */
  one(type: string): CliEvent
  all(type: string): CliEvent[]
}

/** Throws with the host's own sentence when the command fails. */
export async function winnow({ root }: Story, ...args: readonly string[]): Promise<Finished> {
  const began = performance.now()
  console.log(`$ winnow ${args.slice(0, 12).join(' ').slice(0, 160)}${args.length > 12 ? ' ...' : ''}`)
  const child = spawn(process.execPath, [join(root, 'out', 'main', 'cli.js'), ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = new Promise<number | null>(done => child.once('close', done))
  const events: CliEvent[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as CliEvent
    events.push(event)
    if (event.type === 'evaluated')
      console.log(`  epoch ${event.epoch}: ${event.split} ${(100 * event.accuracy).toFixed(2)} %`)
  }
  const code = await closed
  if (code !== 0) throw new Error(`winnow ${args[0]} ended with ${code}: ${JSON.stringify(events.at(-1))}`)
  const all = (type: string) => events.filter(event => event.type === type)
  return {
    events,
    seconds: (performance.now() - began) / 1000,
    all,
    one(type) {
      const found = all(type)[0]
      if (!found) throw new Error(`winnow ${args[0]} said nothing of type "${type}".`)
      return found
    },
  }
}

/** The unpacked folder of an archive of the data; unpacked on first use. */
export function unpacked({ data, work }: Story, archive: string, name: string): string {
  const folder = join(work, name)
  if (existsSync(folder)) return folder
  const unfinished = `${folder}.unfinished`
  mkdirSync(unfinished, { recursive: true })
  console.log(`Unpacking ${archive} ...`)
  execFileSync('tar', ['-xf', join(data, archive), '-C', unfinished])
  renameSync(unfinished, folder)
  return folder
}
