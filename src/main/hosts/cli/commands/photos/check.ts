// winnow check -L <library>

import { InvalidArgumentError, Option, type Command } from 'commander'
import { scoresOfProblem } from '../../../../../contract/problems.ts'
import type { Photo, ProblemCode, Thresholds } from '../../../../../contract/records.ts'
import type { Client, RequestResult } from '../../../../../contract/table.ts'
import type { CommandContext } from '../../context.ts'
import { followJob } from '../../jobs.ts'
import { decimal, libraryOption, whole } from '../../options.ts'
import type { Output } from '../../output.ts'
import { pathOf } from '../../photos.ts'
import { describeSet } from './set-report.ts'
import { count } from '../../texts.ts'

interface CheckOptions {
  readonly library: string
  readonly top: number
  readonly limit?: Readonly<Record<string, number>>
  readonly like?: 'cleanvision'
  readonly usualLimits?: boolean
}

const kindsWithLimits = Object.keys(scoresOfProblem).join(', ')

export function addCheck(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('check')
    .description(
      'look for broken files, duplicates and doubtful photos, list them by kind, and tell of the set as a whole; with --json one line a photo with all its scores',
    )
    .addOption(libraryOption())
    .option('--top <n>', 'photos shown of each kind', whole(0, 1000), 10)
    .option(
      '--limit <kind=score>',
      `flag photos whose score is below this, from now on: ${kindsWithLimits}; may be given several times`,
      addLimit,
    )
    .option('--usual-limits', 'go back to the usual limits first')
    .addOption(
      new Option(
        '--like <program>',
        "flag by cleanvision's definitions alone until the next check: its blur score, and its odd sizes",
      ).choices(['cleanvision']),
    )
    .action((options: CheckOptions) => run(context => checkLibrary(context, options)))
}

function addLimit(text: string, before: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> {
  const [kind = '', score = ''] = text.split('=')
  if (!(kind in scoresOfProblem))
    throw new InvalidArgumentError(`It must begin with one of ${kindsWithLimits}, for example dark=0.2.`)
  return { ...before, [kind]: decimal(0, 1)(score) }
}

/** The score that a limit is set for: of a kind with two, the first, or cleanvision's where that alone counts. */
function thresholdsOf(limit: Readonly<Record<string, number>>, like: CheckOptions['like']): Partial<Thresholds> {
  return Object.fromEntries(
    Object.entries(limit).map(([kind, value]) => {
      const scores = scoresOfProblem[kind as ProblemCode]!
      return [like === undefined ? scores[0]! : scores.at(-1)!, value]
    }),
  )
}

export async function checkLibrary(
  context: CommandContext,
  { library, top, limit = {}, usualLimits = false, like }: CheckOptions,
): Promise<void> {
  const { output, signal } = context
  const { client, summary } = await context.open(library)
  const { usual } = await client.request('check.thresholds', {})
  const thresholds = { ...(usualLimits ? usual : {}), ...thresholdsOf(limit, like) }
  if (Object.keys(thresholds).length > 0) await client.request('check.setThresholds', { thresholds })
  await followJob(client, 'check', () => client.request('check.start', like ? { like } : {}), output, signal)
  const kinds = await client.request('check.summary', {})
  output.result(`${count(summary.photos, 'photo')} checked, ${count(kinds.length, 'kind')} of problem found.`, {
    type: 'summary',
    photos: summary.photos,
    kinds,
  })
  if (output.json) await listPhotos(output, client)
  else await listKinds(context, client, kinds, top)
  await describeSet(output, client, top)
}

async function listKinds(
  context: CommandContext,
  client: Client,
  kinds: RequestResult<'check.summary'>,
  top: number,
): Promise<void> {
  const { output } = context
  for (const { code, photos, property } of kinds) {
    output.result(
      ['', `${code}: ${count(photos, 'photo')}${property ? ', so many that it tells of the set, not of each' : ''}`],
      { type: 'kind', code, photos },
    )
    await listKind(context, client, code, Math.min(photos, top))
    if (photos > top) output.result(`  ... and ${photos - top} more`, { type: 'more', code })
  }
}

const pageOfLines = 5000

/** One line a photo, of every photo. */
async function listPhotos(output: Output, client: Client): Promise<void> {
  for (let afterId = 0; ;) {
    const photos = await client.request('check.photos', { afterId, limit: pageOfLines })
    for (const photo of photos) output.result(photo.path, { type: 'photo', ...photo })
    if (photos.length < pageOfLines) return
    afterId = photos.at(-1)!.photoId
  }
}

async function listKind({ output }: CommandContext, client: Client, code: ProblemCode, wanted: number): Promise<void> {
  for (let offset = 0; offset < wanted; offset += 1000) {
    const { photos } = await client.request('photos.page', {
      filter: { problem: code },
      sort: 'name',
      offset,
      limit: Math.min(1000, wanted - offset),
    })
    for (const photo of photos)
      output.result(lineOf(photo, code), {
        type: 'problem',
        code,
        photoId: photo.id,
        path: pathOf(photo),
        reason: reasonOf(photo, code),
      })
  }
}

function lineOf(photo: Photo, code: ProblemCode): string {
  return `  ${String(photo.id).padStart(6)}  ${pathOf(photo)}: ${reasonOf(photo, code)}`
}

function reasonOf(photo: Photo, code: ProblemCode): string {
  return photo.problems.find(problem => problem.code === code)?.reason ?? code
}
