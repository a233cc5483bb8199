// winnow backbone list | get | add | remove: the backbones of this machine, kept once for all libraries.

import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { ServiceError } from '../../../../../contract/errors.ts'
import type { BackboneRecord } from '../../../../../contract/records.ts'
import { readBackbone } from '../../../../../training/features/backbone.ts'
import { backboneId } from '../../../../backbones/backbone-store.ts'
import type { CommandContext } from '../../context.ts'
import { fileSize, table } from '../../texts.ts'

export function addBackbone(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  const command = program.command('backbone').description('nets that have learnt to see: list, get, add or remove them')
  command
    .command('list')
    .description('those at hand, and those that can be fetched')
    .action(() => run(async context => list(context)))
  command
    .command('get <name>')
    .description('fetch one of the list; no photo is sent anywhere')
    .action((name: string) => run(context => get(context, name)))
  command
    .command('add <file>')
    .description('keep a safetensors or .pth file of a known net')
    .action((file: string) => run(async context => add(context, file)))
  command
    .command('remove <name>')
    .description('delete one from this machine')
    .action((name: string) =>
      run(async context => {
        context.service().backbones.remove(name)
        context.output.result(`“${name}” is removed.`, { type: 'removed', name })
      }),
    )
}

function list({ service, output }: CommandContext): void {
  const all = service().backbones.list()
  const rows = all.map(record => [record.name, stateOf(record), fileSize(record.bytes), record.licence, record.source])
  output.result(table([['backbone', 'here', 'size', 'licence', 'from'], ...rows]), {
    type: 'backbones',
    backbones: all,
  })
}

function stateOf({ installed, fetched }: BackboneRecord): string {
  if (installed) return 'yes'
  return fetched === null ? 'no' : `${fileSize(fetched)} of it`
}

async function get({ service, output, signal }: CommandContext, name: string): Promise<void> {
  const { backbones } = service()
  const wanted = backbones.list().find(record => record.name === name)
  if (wanted?.url && !wanted.installed)
    output.note(
      `Fetching ${wanted.source}, ${fileSize(wanted.bytes)}, from ${new URL(wanted.url).host}; nothing of yours is sent.`,
    )
  const bar = output.progress('fetch')
  try {
    const record = await backbones.get(name, signal, (done, total) => bar.update(done, total))
    output.result(`“${name}” is here: ${fileSize(record.bytes)}, its hash is right.`, {
      type: 'backbone',
      backbone: record,
    })
  } finally {
    bar.stop()
  }
}

function add({ service, output, host }: CommandContext, named: string): void {
  const file = resolve(host.cwd, named)
  if (!existsSync(file))
    throw new ServiceError('no-file', `There is no file ${file}.`, 'Name a safetensors or .pth file.')
  const { buffer, byteOffset, length } = readFileSync(file)
  const bytes = new Uint8Array(buffer, byteOffset, length)
  const { preset } = readBackbone(backboneId(bytes), named, bytes)
  const record = service().backbones.add(file, bytes)
  output.result(`“${record.name}” is kept: a ${preset}, ${fileSize(record.bytes)}.`, {
    type: 'backbone',
    backbone: record,
    preset,
  })
}
