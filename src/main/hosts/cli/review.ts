// winnow review -L <library>: photos the model answers otherwise than their label, most confident first.

import type { Command } from 'commander'
import type { Photo } from '../../../contract/records.ts'
import { findRun, type CommandContext } from './context.ts'
import { libraryOption, runOption, whole } from './options.ts'
import { pathOf } from './photos.ts'
import { count, percent, table } from './texts.ts'

interface ReviewOptions {
  readonly library: string
  readonly run: string
  readonly top: number
}

export function addReview(program: Command, run: (work: (context: CommandContext) => Promise<void>) => Promise<void>): void {
  program.command('review')
    .description('list mispredicted photos, most confident first: a wrong label or a hard photo')
    .addOption(libraryOption())
    .addOption(runOption())
    .option('--top <n>', 'how many to list', whole(1, 100_000), 20)
    .action((options: ReviewOptions) => run(context => review(context, options)))
}

/** Lists them and answers those listed. */
export async function review(context: CommandContext, { library, run, top }: ReviewOptions): Promise<void> {
  const { output } = context
  const { client } = await context.open(library)
  const runId = await findRun(client, run)
  const { total, photos } = await mispredicted(client, runId, top)
  output.result(`${count(total, 'photo')} of run ${runId} answered otherwise than labelled${total > photos.length ? `; the ${photos.length} most confident` : ''}:`, { type: 'summary', runId, total })
  if (!output.json && photos.length > 0) output.result(table([['photo', 'label', 'model says', 'sure', 'file'], ...photos.map(rowOf)]), { type: 'table' })
  if (output.json) for (const photo of photos) output.result('', { type: 'photo', photo })
}

/** The most confident mispredicted photos of a run. */
export async function mispredicted(client: Awaited<ReturnType<CommandContext['open']>>['client'], runId: number, top: number): Promise<{ total: number; photos: Photo[] }> {
  const photos: Photo[] = []
  for (;;) {
    const page = await client.request('photos.page', { filter: { runId, wrong: true }, sort: 'confidence', offset: photos.length, limit: Math.min(1000, top - photos.length) })
    photos.push(...page.photos)
    if (photos.length >= top || page.photos.length === 0) return { total: page.total, photos }
  }
}

function rowOf(photo: Photo): string[] {
  return [String(photo.id), photo.className ?? '-', photo.prediction?.className ?? '-', photo.prediction ? percent(photo.prediction.confidence) : '-', pathOf(photo)]
}
