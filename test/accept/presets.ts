// The nets of the presets on the clothing photos: what one click gives on all ten classes, and three classes at 128 px
// grey with and without augmentation.

import { existsSync } from 'node:fs'
import { clothingLibrary, importClothing } from './clothing.ts'
import { importSubset } from './steps/subset.ts'
import { winnow, type CliEvent, type Story } from './steps/winnow.ts'

/** One click: every setting as suggested. */
export async function defaultPreset(story: Story): Promise<void> {
  const library = clothingLibrary(story)
  if (!existsSync(library)) await importClothing(story)
  const trained = await winnow(story, 'train', '-L', library, '--seed', '1')
  const { run } = trained.one('run')
  story.report.add({
    what: `Clothing, ten classes, one click: ${run.settings.preset}, ${run.settings.size} px, ${run.settings.epochs} epochs`,
    must: '>= 78 % of 372 test photos',
    seconds: trained.seconds,
    adapter: run.summary.adapter,
    shown: `${percent(run.summary.testAccuracy)} of ${run.photos.test}`,
    held: run.summary.testAccuracy >= 0.78 && run.photos.test === 372,
  })
}

export async function threeClasses(story: Story): Promise<void> {
  const library = await importSubset(story, { name: 'clothing-three', classes: ['dress', 'longsleeve', 'outwear'] })
  const grey = ['train', '-L', library, '--size', '128', '--channels', '1', '--seed', '1']
  await addLine(
    story,
    'photo-convnet without augmentation',
    0.78,
    ...grey,
    '--preset',
    'photo-convnet',
    '--augment',
    'none',
    '--batch',
    '8',
    '--epochs',
    '14',
  )
  await addLine(story, 'the suggested net with augmentation', 0.85, ...grey)
}

async function addLine(story: Story, what: string, least: number, ...args: readonly string[]): Promise<void> {
  const trained = await winnow(story, ...args)
  const { run } = trained.one('run')
  const { accuracy, photos } = onValidationAndTest(run)
  story.report.add({
    what: `Clothing, three classes, 128 px grey: ${what}, ${run.settings.epochs} epochs`,
    must: `>= ${percent(least)} of 230 photos`,
    seconds: trained.seconds,
    adapter: run.summary.adapter,
    shown: `${percent(accuracy)} of ${photos} (validation ${percent(run.summary.validationAccuracy)}, test ${percent(run.summary.testAccuracy)})`,
    held: accuracy >= least && photos === 230,
  })
}

function onValidationAndTest({ photos, summary }: CliEvent['run']): {
  readonly accuracy: number
  readonly photos: number
} {
  const all = photos.validation + photos.test
  return {
    photos: all,
    accuracy: (summary.validationAccuracy * photos.validation + summary.testAccuracy * photos.test) / all,
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
