// A backbone learnt on the six kinds of clothes of which there are most photos, saved, and taken for the four rarest
// with only 20 photos each: it must beat the same net learnt from those 80 photos alone. Everything else is the same
// for both.

import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { importSubset } from './steps/subset.ts'
import { winnow, type Story } from './steps/winnow.ts'

const known = ['dress', 'longsleeve', 'pants', 'shirt', 'shorts', 't-shirt']
const fresh = ['hat', 'outwear', 'shoes', 'skirt']

export async function transfer(story: Story): Promise<void> {
  const backbone = join(story.work, 'backbone.safetensors')
  const many = await importSubset(story, { name: 'clothing-known', classes: known })
  const first = await winnow(
    story,
    'train',
    '-L',
    many,
    '--preset',
    'resnet18',
    '--size',
    '64',
    '--epochs',
    '8',
    '--seed',
    '1',
  )
  copyFileSync(join(many, 'runs', String(first.one('run').run.id), 'best.safetensors'), backbone)
  const few = await importSubset(story, { name: 'clothing-few', classes: fresh, each: 20 })
  const same = [
    'train',
    '-L',
    few,
    '--preset',
    'resnet18',
    '--size',
    '64',
    '--epochs',
    '30',
    '--batch',
    '16',
    '--seed',
    '1',
  ]
  const scratch = await winnow(story, ...same)
  const taken = await winnow(story, ...same, '--from', backbone, '--backbone-rate', '0.1')
  const [without, withIt] = [scratch.one('run').run, taken.one('run').run]
  story.report.add({
    what: 'Clothing: resnet18 on 20 photos of each of four classes, from a saved backbone',
    must: 'more than from scratch',
    seconds: first.seconds + scratch.seconds + taken.seconds,
    adapter: withIt.summary.adapter,
    shown: `${percent(withIt.summary.testAccuracy)} of ${withIt.photos.test}, from scratch ${percent(without.summary.testAccuracy)}`,
    held: withIt.photos.train === 80 && withIt.summary.testAccuracy > without.summary.testAccuracy,
  })
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`
}
