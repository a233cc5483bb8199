// winnow classify <folder> -L <library> -o <file.csv>: what a run says of every photo of a folder, and copies sorted by
// it where wished.

import { resolve } from 'node:path'
import type { Command } from 'commander'
import { findRun, type CommandContext } from '../../context.ts'
import { copiesFolder } from './copies-folder.ts'
import { followJob } from '../../jobs.ts'
import { decimal, endingIn, libraryOption, runOption } from '../../options.ts'
import { count } from '../../texts.ts'
import { writeWhole } from '../../write-whole.ts'

interface ClassifyOptions {
  readonly library: string
  readonly run: string
  readonly output: string
  readonly copies?: string
  readonly unknownBelow?: number
}

export function addClassify(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('classify')
    .description('ask a model about every photo of a folder')
    .argument('<folder>', 'the photos; they are only read')
    .addOption(libraryOption())
    .addOption(runOption())
    .requiredOption('-o, --output <file>', 'the answers; ends in .csv', endingIn('.csv'))
    .option('--copies <folder>', 'a new folder for copies, sorted by answer')
    .option('--unknown-below <share>', 'answers less confident than this are "unknown"', decimal(0, 1))
    .action((folder: string, options: ClassifyOptions) => run(context => classify(context, folder, options)))
}

async function classify(
  context: CommandContext,
  folder: string,
  { library, run, output, copies, unknownBelow }: ClassifyOptions,
): Promise<void> {
  const { client } = await context.open(library)
  const at = (path: string) => resolve(context.host.cwd, path)
  const sorted = copies === undefined ? null : await copiesFolder(context, at(copies))
  const params = {
    runId: await findRun(client, run),
    folderId: await context.service().grantFolder(at(folder)),
    ...(unknownBelow !== undefined && { unknownBelow }),
    ...(sorted && { copiesTo: sorted.to }),
  }
  const job = await followJob(
    client,
    'classify',
    () => client.request('classify.start', params),
    context.output,
    context.signal,
  )
  const file = at(output)
  writeWhole(file, await client.getBytes('classified', { jobId: job.id }))
  const { photos = 0, unknown = 0, unread = 0, copied = 0 } = job.result
  const rest = [
    unknown > 0 ? `${unknown} unknown` : '',
    unread > 0 ? `${unread} not readable` : '',
    sorted ? `${copied} copied to ${sorted.path}` : '',
  ]
    .filter(Boolean)
    .join(', ')
  context.output.result(`${file}: ${count(photos, 'photo')}${rest && `, ${rest}`}.`, {
    type: 'classified',
    file,
    photos,
    unknown,
    unread,
    copied,
  })
}
