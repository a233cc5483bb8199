// winnow verify -L <library>

import type { Command } from 'commander'
import type { ProblemCode } from '../../../../../contract/records.ts'
import type { Client } from '../../../../../contract/table.ts'
import type { CommandContext } from '../../context.ts'
import { followJob } from '../../jobs.ts'
import { libraryOption } from '../../options.ts'
import type { Output } from '../../output.ts'
import { pathOf } from '../../photos.ts'
import { count } from '../../texts.ts'

export function addVerify(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('verify')
    .description(
      'read everything again: the database, every photo against its hash, the caches, the files of runs; list what is missing, changed, damaged or left over',
    )
    .addOption(libraryOption())
    .action(({ library }: { library: string }) => run(context => verify(context, library)))
}

async function verify({ open, output, signal }: CommandContext, library: string): Promise<void> {
  const { client } = await open(library)
  const { result } = await followJob(client, 'verify', () => client.request('library.verify', {}), output, signal)
  const { missing = 0, changed = 0, orphans = 0, damaged = 0 } = result
  output.result(
    `The database is whole. ${count(missing, 'photo')} missing, ${changed} changed, ${count(orphans, 'left-over file')}, ${damaged} damaged ${damaged === 1 ? 'record' : 'records'} in the caches.`,
    { type: 'verified', missing, changed, orphans, damaged },
  )
  const files = result['damagedFiles'] ? (await client.request('library.damagedFiles', {})).paths : []
  for (const path of files) output.result(`  damaged: ${path}`, { type: 'damaged', path })
  await listPhotos(output, client, 'missing')
  await listPhotos(output, client, 'changed-while-read')
  for (const path of (await client.request('library.orphans', {})).paths)
    output.result(`  left over: ${path}`, { type: 'orphan', path })
}

async function listPhotos(output: Output, client: Client, problem: ProblemCode): Promise<void> {
  const word = problem === 'missing' ? 'missing' : 'changed'
  for (let offset = 0; ;) {
    const { total, photos } = await client.request('photos.page', {
      filter: { problem },
      sort: 'name',
      offset,
      limit: 1000,
    })
    for (const photo of photos)
      output.result(`  ${word}: ${pathOf(photo)}`, { type: word, photoId: photo.id, path: pathOf(photo) })
    offset += photos.length
    if (photos.length === 0 || offset >= total) return
  }
}
