// winnow import <folder>... -L <library>

import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { ImportLayout, type ImportPreview, type SkippedFolder } from '../../../../../contract/records.ts'
import type { CommandContext } from '../../context.ts'
import { followJob } from '../../jobs.ts'
import { libraryOption } from '../../options.ts'
import { count, seconds } from '../../texts.ts'

export function addImport(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('import')
    .description(
      'bring photos into a library (made if it is not there): the sub-folder is the class; train, validation and test folders become splits',
    )
    .argument('<folder...>', 'folders with photos; they are read where they are and never changed')
    .addOption(libraryOption())
    .addOption(
      new Option('--layout <reading>', 'how folders named like splits are read (default: the likelier way)').choices(
        ImportLayout.options,
      ),
    )
    .action((folders: string[], { library, layout }: { library: string; layout?: ImportLayout }) =>
      run(context => importFolders(context, folders, library, layout)),
    )
}

/** Imports and says what came in. */
export async function importFolders(
  context: CommandContext,
  folders: readonly string[],
  library: string,
  layout?: ImportLayout,
): Promise<void> {
  const { output, host, signal } = context
  // Looked at before the library is made, so that a mistyped folder leaves nothing behind.
  const folderIds = await Promise.all(folders.map(folder => context.service().grantFolder(resolve(host.cwd, folder))))
  const preview = await context.client().request('import.preview', { folderIds, layout }, signal)
  output.note(`${previewText(preview)}.`)
  for (const note of layoutNotes(preview)) output.note(note)
  const { client, folder } = await context.open(library, { create: true })
  const began = performance.now()
  const job = await followJob(
    client,
    'import',
    () => client.request('import.start', { folderIds, layout }),
    output,
    signal,
  )
  const summary = (await client.request('library.current', {}))!
  const { train, validation, test } = summary.splits
  const classes = summary.classes.map(({ name, photos }) => `${name} ${photos}`).join(', ')
  const text = [
    `${count(summary.photos, 'photo')} in ${folder} (${seconds(performance.now() - began)}): ${summary.photos - summary.broken} usable, ${summary.broken} broken.`,
    `${count(summary.classes.length, 'class')}: ${classes || 'none'}.`,
    `Splits: train ${train}, validation ${validation}, test ${test}, none ${summary.splits.none}.`,
    ...(summary.broken > 0 ? ['"winnow check" lists the broken ones with their reasons.'] : []),
  ]
  output.result(text, { type: 'library', folder, summary, job: job.result })
}

/** "12,430 photos, 3 classes, 2 splits; 14 files skipped" */
function previewText({ photos, classes, splits, skipped }: ImportPreview): string {
  const parts = [
    count(photos, 'photo'),
    count(classes.length, 'class'),
    ...(splits.length > 0 ? [count(splits.length, 'split')] : []),
  ]
  return `${parts.join(', ')}${skipped > 0 ? `; ${count(skipped, 'file')} skipped` : ''}`
}

const skipReasons: Readonly<Record<SkippedFolder['reason'], string>> = {
  hidden: 'it is hidden',
  system: 'a system made it',
  'no-permission': 'your account may not read it',
  unreadable: 'it cannot be read',
  'path-too-long': 'its path is too long',
  'linked-twice': 'a link leads to folders that are read anyway',
}

/** What was taken for granted: the other reading of the names, and folders that are not looked into. */
function layoutNotes({ other, skippedFolders }: ImportPreview): string[] {
  const notes = skippedFolders.map(({ path, reason }) => `The folder ${path} is left out: ${skipReasons[reason]}.`)
  if (other === null) return notes
  const splits = other.splits.length > 0 ? ` and ${count(other.splits.length, 'split')}` : ' and no splits'
  return [
    ...notes,
    `The folder names can be read in another way: ${count(other.classes.length, 'class')}${splits}. Import with "--layout ${other.layout}" for that.`,
  ]
}
