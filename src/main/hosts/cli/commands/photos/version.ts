// winnow version save|list|diff|restore|delete -L <library>: the data set under a name, compared, and gone back to.

import type { Command } from 'commander'
import { ServiceError } from '../../../../../contract/errors.ts'
import type { DatasetVersion, VersionDifference } from '../../../../../contract/records.ts'
import type { Client } from '../../../../../contract/table.ts'
import type { CommandContext } from '../../context.ts'
import { libraryOption } from '../../options.ts'
import { count } from '../../texts.ts'

type VersionWork = (context: CommandContext, client: Client, names: readonly string[]) => Promise<void>

export function addVersion(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  const version = program.command('version').description('the data set under a name: save, list, diff, restore, delete')
  const add = (name: string, description: string, work: VersionWork, ...wanted: readonly string[]) => {
    const command = version.command(name).description(description).addOption(libraryOption())
    for (const argument of wanted) command.argument(argument)
    command.action((...given: unknown[]) => {
      const { library } = given.at(-2) as { library: string }
      const names = given.slice(0, wanted.length).filter(each => each !== undefined) as string[]
      return run(async context => work(context, (await context.open(library)).client, names))
    })
  }
  add('save', 'keep photos, labels, splits and exclusions as they are now under a name', save, '<name>')
  add('list', 'the versions, newest first, with the runs that learnt from them', list)
  add('diff', 'what differs between two versions, or a version and now', diff, '<name>', '[other]')
  add('restore', 'make the data set what it was; "winnow undo" takes that back', restore, '<name>')
  add('delete', 'forget a version; the data set stays as it is', remove, '<name>')
}

async function save({ output }: CommandContext, client: Client, [name]: readonly string[]): Promise<void> {
  const version = await client.request('versions.save', { name: name! })
  output.result(`Version ${version.name}: ${describe(version)}.`, { type: 'version', ...version })
}

function describe({ photos, excluded, classes }: DatasetVersion): string {
  return `${count(photos, 'photo')} (${excluded} excluded), ${count(classes, 'class')}`
}

async function list({ output }: CommandContext, client: Client): Promise<void> {
  const versions = await client.request('versions.list', {})
  if (versions.length === 0) output.result('There are no versions yet.', { type: 'versions', versions: 0 })
  for (const version of versions) {
    const runs = version.runs.length > 0 ? `; learnt from by run ${version.runs.join(', ')}` : ''
    const at = version.at.slice(0, 16).replace('T', ' ')
    output.result(`${version.name}  ${at}  ${describe(version)}${runs}`, { type: 'version', ...version })
  }
}

async function diff({ output }: CommandContext, client: Client, [from, to]: readonly string[]): Promise<void> {
  const before = await named(client, from!)
  const after = to === undefined ? null : await named(client, to)
  const difference = await client.request('versions.difference', { from: before.id, to: after?.id ?? null })
  output.result(linesOf(difference), { type: 'difference', from: before.name, to: after?.name ?? null, ...difference })
}

const kinds = {
  added: 'added',
  removed: 'gone',
  excluded: 'excluded',
  included: 'included again',
  relabelled: 'relabelled',
  moved: 'moved to another split',
} as const

function linesOf(difference: VersionDifference): string[] {
  const lines = Object.entries(kinds).flatMap(([kind, words]) => {
    const { photos } = difference[kind as keyof typeof kinds]
    return photos > 0 ? [`${count(photos, 'photo')} ${words}`] : []
  })
  const relabels = difference.relabels.map(
    ({ was, now, photos }) => `  ${was || '(no label)'} -> ${now || '(no label)'}: ${photos}`,
  )
  return lines.length > 0 ? [...lines, ...relabels] : ['Nothing differs.']
}

async function restore({ output }: CommandContext, client: Client, [name]: readonly string[]): Promise<void> {
  const { id } = await named(client, name!)
  const decision = await client.request('versions.restore', { versionId: id })
  output.result(decision.changed > 0 || decision.id > 0 ? decision.text : `Nothing differs from ${name}.`, {
    type: 'decision',
    ...decision,
  })
}

async function remove({ output }: CommandContext, client: Client, [name]: readonly string[]): Promise<void> {
  const version = await named(client, name!)
  await client.request('versions.delete', { versionId: version.id })
  output.result(`Version ${version.name} is forgotten.`, { type: 'version-deleted', name: version.name })
}

/** ServiceError 'no-version'. */
async function named(client: Client, name: string): Promise<DatasetVersion> {
  const versions = await client.request('versions.list', {})
  const found = versions.find(version => version.name === name.normalize('NFC').trim())
  if (found) return found
  throw new ServiceError(
    'no-version',
    `There is no version "${name}" in this library.`,
    versions.length > 0
      ? `It has: ${versions.map(version => version.name).join(', ')}.`
      : 'Save one first: winnow version save <name> -L <library>.',
  )
}
