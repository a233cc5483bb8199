// The set in numbers, with which "winnow check" ends: classes, sizes and formats, copies that contradict each other or
// lie in different splits, and what is worth doing before training.

import type { CheckReport, DuplicateGroup, Photo } from '../../../../../contract/records.ts'
import type { Client } from '../../../../../contract/table.ts'
import type { Output } from '../../output.ts'
import { pathOf } from '../../photos.ts'
import { count, table } from '../../texts.ts'

const pageOfGroups = 200

/** For people the first `top` misleading groups, for programs all of them. */
export async function describeSet(output: Output, client: Client, top: number): Promise<void> {
  const report = await client.request('check.report', {})
  output.result(['', 'The set', ...setText(report)], { type: 'report', ...report })
  await tellCopies(output, client, output.json ? Infinity : top)
  for (const advice of report.advice) output.result(`! ${advice.text}`, { type: 'advice', ...advice })
}

function setText({ classes, sizes, formats }: CheckReport): string[] {
  const rows = classes.map(({ name, photos, usable }) => [
    `  ${name}`,
    count(photos, 'photo'),
    usable === photos ? '' : `${usable} to train on`,
  ])
  return [
    ...table(rows),
    ...(sizes
      ? [`  sizes: ${sizeText(sizes.smallest)} to ${sizeText(sizes.largest)}, the middle one ${sizeText(sizes.middle)}`]
      : []),
    ...(formats.length > 0
      ? [`  formats: ${formats.map(({ format, photos }) => `${format} ${photos}`).join(', ')}`]
      : []),
  ]
}

function sizeText({ width, height }: { readonly width: number; readonly height: number }): string {
  return `${width} x ${height}`
}

/** Groups come with the misleading ones first, so the list ends at the first that is neither. */
async function tellCopies(output: Output, client: Client, wanted: number): Promise<void> {
  const { distance } = await client.request('duplicates.distance', {})
  for (let told = 0; told < wanted;) {
    const { total, copies, conflicting, leaking, groups } = await client.request('duplicates.groups', {
      kind: 'both',
      offset: told,
      limit: pageOfGroups,
    })
    if (told === 0)
      output.result(copiesText(total, copies, conflicting, leaking), {
        type: 'copies',
        distance,
        groups: total,
        copies,
        conflicting,
        leaking,
      })
    const misleading = groups.filter(group => group.conflicting || group.leaking).slice(0, wanted - told)
    for (const group of misleading) output.result(groupText(group), { type: 'group', ...eventOf(group) })
    told += misleading.length
    if (misleading.length < pageOfGroups) return
  }
}

function copiesText(total: number, copies: number, conflicting: number, leaking: number): string {
  return total === 0
    ? '  no copies'
    : `  ${count(copies, 'copy')} in ${count(total, 'group')}: ${conflicting} with different labels, ${leaking} across splits`
}

function groupText({ keeper, members, conflicting, leaking }: DuplicateGroup): string {
  const why = [...(conflicting ? ['labels differ'] : []), ...(leaking ? ['across splits'] : [])].join(', ')
  return `    ${why}: ${[keeper, ...members.map(({ photo }) => photo)].map(photoText).join(' = ')}`
}

function photoText(photo: Photo): string {
  return `${pathOf(photo)} (${[photo.className ?? 'no label', ...(photo.split ? [photo.split] : [])].join(', ')})`
}

function eventOf({ keeper, members, conflicting, leaking }: DuplicateGroup) {
  const brief = ({ id, className, split }: Photo) => ({ photoId: id, className, split })
  return {
    conflicting,
    leaking,
    keeper: { ...brief(keeper), path: pathOf(keeper) },
    members: members.map(({ photo, distance, exact, turned }) => ({
      ...brief(photo),
      path: pathOf(photo),
      distance,
      exact,
      turned,
    })),
  }
}
