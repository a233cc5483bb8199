// winnow import <folder>... -L <library>

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Option, type Command } from 'commander'
import {
  ImportLayout,
  type ImportPreview,
  type SkippedFolder,
  type SkipReason,
} from '../../../../../contract/records.ts'
import { libraryPath, type CommandContext } from '../../context.ts'
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
    .argument(
      '<folder...>',
      'folders with photos, lists of them (CSV), ZIP archives; they are read where they are and never changed',
    )
    .addOption(libraryOption())
    .addOption(
      new Option('--layout <reading>', 'how folders named like splits are read (default: the likelier way)').choices(
        ImportLayout.options,
      ),
    )
    .addOption(
      new Option(
        '--moved <what>',
        'photos of the library that lie elsewhere now: follow them there, or add them as new ones',
      )
        .choices(['follow', 'add'])
        .default('follow'),
    )
    .action((folders: string[], { library, ...how }: { library: string } & ImportHow) =>
      run(context => importFolders(context, folders, library, how)),
    )
}

export interface ImportHow {
  readonly layout?: ImportLayout
  readonly moved?: 'follow' | 'add'
}

/** Imports and says what came in. */
export async function importFolders(
  context: CommandContext,
  folders: readonly string[],
  library: string,
  how: ImportHow = {},
): Promise<void> {
  const { output, host, signal } = context
  const folderIds = await Promise.all(folders.map(folder => context.service().grantFolder(resolve(host.cwd, folder))))
  // One that is there says which photos it has; one that is not is made once there is something to import, so that a
  // mistyped folder leaves nothing behind.
  if (existsSync(join(libraryPath(resolve(host.cwd, library)), 'library.db')))
    await context.open(library, { quiet: true })
  const preview = await context.client().request('import.preview', { folderIds, layout: how.layout }, signal)
  output.note(`${previewText(preview)}.`)
  for (const note of previewNotes(preview, how)) output.note(note)
  const { client, folder } = await context.open(library, { create: true, quiet: true })
  const began = performance.now()
  const job = await followJob(
    client,
    'import',
    () => client.request('import.start', { folderIds, ...how }),
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
    ...resultLines(job.result),
    ...(summary.broken > 0 ? ['"winnow check" lists the broken ones with their reasons.'] : []),
  ]
  output.result(text, { type: 'library', folder, summary, job: job.result })
}

/** "12,430 photos (30 in the library already), 3 classes, 2 splits; 14 files skipped" */
function previewText({ photos, already, classes, splits, skipped }: ImportPreview): string {
  const parts = [
    `${count(photos, 'photo')}${already > 0 ? ` (${already.toLocaleString('en')} in the library already)` : ''}`,
    count(classes.length, 'class'),
    ...(splits.length > 0 ? [count(splits.length, 'split')] : []),
  ]
  return `${parts.join(', ')}${skipped > 0 ? `; ${count(skipped, 'file')} skipped` : ''}`
}

const folderReasons: Readonly<Record<SkippedFolder['reason'], string>> = {
  hidden: 'it is hidden',
  system: 'a system made it',
  'no-permission': 'your account may not read it',
  unreadable: 'it cannot be read',
  'path-too-long': 'its path is too long',
  'linked-twice': 'a link leads to folders that are read anyway',
  'bad-name': 'the bytes of its name are no text',
}

/** Documents beside photos are expected, so they are not told one by one. */
const fileReasons: Readonly<Record<Exclude<SkipReason, 'not-a-photo'>, string>> = {
  hidden: 'hidden',
  archive: 'archives inside, which are not opened',
  special: 'no plain files',
  'bad-name': 'named by bytes that are no text',
  outside: 'dropped, because their names lead out of the archive',
  'too-large': 'larger than what is ever read, and not unpacked',
  'same-name': 'dropped, because another entry has the same name',
}

/** What was taken for granted: how lists and archives were read, what is left out, the other reading of the names. */
function previewNotes(preview: ImportPreview, { moved: what }: ImportHow): string[] {
  const { skippedFolders, skippedFiles, notes, moved, relabelled } = preview
  return [
    ...notes.map(({ text }) => text),
    ...skippedFolders.map(
      ({ path, reason, files }) =>
        `The folder ${path}${files === null ? '' : ` (${count(files, 'file')})`} is left out: ${folderReasons[reason]}.`,
    ),
    ...skippedFiles.flatMap(({ reason, files, example }) =>
      reason === 'not-a-photo' ? [] : [`${count(files, 'file')} skipped: ${fileReasons[reason]} (such as ${example}).`],
    ),
    ...(moved > 0 ? [movedText(moved, what)] : []),
    ...(relabelled > 0
      ? [
          `${count(relabelled, 'photo')} of the library ${relabelled === 1 ? 'gets' : 'get'} another label by the list; "winnow undo" takes that back.`,
        ]
      : []),
    ...otherReading(preview),
  ]
}

function movedText(moved: number, what: ImportHow['moved']): string {
  const photos = `${count(moved, 'photo')} of the library ${moved === 1 ? 'is' : 'are'} gone from where ${moved === 1 ? 'it was and lies' : 'they were and lie'} here`
  return what === 'add'
    ? `${photos}; they are added as new ones all the same.`
    : `${photos}: followed, with labels and history. Import with "--moved add" to add them as new ones.`
}

function otherReading({ other }: ImportPreview): string[] {
  if (other === null) return []
  const splits = other.splits.length > 0 ? ` and ${count(other.splits.length, 'split')}` : ' and no splits'
  return [
    `The folder names can be read in another way: ${count(other.classes.length, 'class')}${splits}. Import with "--layout ${other.layout}" for that.`,
  ]
}

/** What happened to photos that the library had. */
function resultLines({ moved = 0, relabelled = 0 }: Readonly<Record<string, number>>): string[] {
  return [
    ...(moved > 0 ? [`${count(moved, 'photo')} followed to where ${moved === 1 ? 'it lies' : 'they lie'} now.`] : []),
    ...(relabelled > 0 ? [`${count(relabelled, 'photo')} labelled anew by a list.`] : []),
  ]
}
