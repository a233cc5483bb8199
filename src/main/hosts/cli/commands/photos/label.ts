// winnow label -L <library> <photo> <class>: one decision, undone by "winnow undo".

import type { Command } from 'commander'
import { ServiceError } from '../../../../../contract/errors.ts'
import type { Client } from '../../../../../contract/table.ts'
import type { CommandContext } from '../../context.ts'
import { libraryOption } from '../../options.ts'
import { findPhoto } from '../../photos.ts'

interface LabelOptions {
  readonly library: string
  readonly create?: boolean
}

export function addLabel(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('label')
    .description('give a photo another class')
    .argument('<photo>', 'its number as review prints it, or the end of its path')
    .argument('<class>', 'the name of the class')
    .addOption(libraryOption())
    .option('--create', 'make the class if the library does not have it')
    .action((photo: string, className: string, options: LabelOptions) =>
      run(context => label(context, photo, className, options)),
    )
}

async function label(
  context: CommandContext,
  typed: string,
  className: string,
  { library, create = false }: LabelOptions,
): Promise<void> {
  const { client } = await context.open(library)
  const photo = await findPhoto(client, typed)
  const classId = await classOf(client, className, create)
  const decision = await client.request('photos.label', { selection: { ids: [photo.id] }, classId })
  context.output.result(decision.text, { type: 'decision', ...decision, photoId: photo.id })
}

/** ServiceError 'no-class' with the names there are. `create` makes the class; left out where the command cannot. */
export async function classOf(client: Client, name: string, create?: boolean): Promise<number> {
  const classes = await client.request('classes.list', {})
  const found = classes.find(known => known.name === name.normalize('NFC'))
  if (found) return found.id
  if (create) return (await client.request('classes.create', { name })).id
  const known = `It has: ${classes.map(one => one.name).join(', ') || 'none yet'}.`
  throw new ServiceError(
    'no-class',
    `There is no class "${name}" in this library.`,
    create === undefined ? known : `${known} Add --create to make it.`,
  )
}
