// winnow check -L <library>

import type { Command } from 'commander'
import type { Photo, ProblemCode } from '../../../contract/records.ts'
import type { Client } from '../../../contract/table.ts'
import type { CommandContext } from './context.ts'
import { followJob } from './jobs.ts'
import { libraryOption, whole } from './options.ts'
import { pathOf } from './photos.ts'
import { count } from './texts.ts'

interface CheckOptions {
  readonly library: string
  readonly top: number
}

export function addCheck(program: Command, run: (work: (context: CommandContext) => Promise<void>) => Promise<void>): void {
  program.command('check')
    .description('look for broken files, duplicates and doubtful photos, and list them by kind')
    .addOption(libraryOption())
    .option('--top <n>', 'photos shown of each kind (all of them with --json)', whole(0, 1000), 10)
    .action((options: CheckOptions) => run(context => checkLibrary(context, options)))
}

export async function checkLibrary(context: CommandContext, { library, top }: CheckOptions): Promise<void> {
  const { output, signal } = context
  const { client, summary } = await context.open(library)
  await followJob(client, 'check', () => client.request('check.start', {}), output, signal)
  const kinds = await client.request('check.summary', {})
  output.result(`${count(summary.photos, 'photo')} checked, ${count(kinds.length, 'kind')} of problem found.`, { type: 'summary', photos: summary.photos, kinds })
  for (const { code, photos } of kinds) {
    output.result(`\n${code}: ${count(photos, 'photo')}`, { type: 'kind', code, photos })
    await listKind(context, client, code, output.json ? photos : Math.min(photos, top))
    if (!output.json && photos > top) output.result(`  ... and ${photos - top} more`, { type: 'more', code })
  }
}

async function listKind({ output }: CommandContext, client: Client, code: ProblemCode, wanted: number): Promise<void> {
  for (let offset = 0; offset < wanted; offset += 1000) {
    const { photos } = await client.request('photos.page', { filter: { problem: code }, sort: 'name', offset, limit: Math.min(1000, wanted - offset) })
    for (const photo of photos) output.result(lineOf(photo, code), { type: 'problem', code, photoId: photo.id, path: pathOf(photo), reason: reasonOf(photo, code) })
  }
}

function lineOf(photo: Photo, code: ProblemCode): string {
  return `  ${String(photo.id).padStart(6)}  ${pathOf(photo)}: ${reasonOf(photo, code)}`
}

function reasonOf(photo: Photo, code: ProblemCode): string {
  return photo.problems.find(problem => problem.code === code)?.reason ?? code
}
