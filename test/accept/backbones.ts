// What a pretrained backbone gives on the clothing photos without a GPU: features, quick models of many and few photos, wrong
// labels found before any training, and fine-tuning. With the built-in backbone and with the ImageNet one of the data.

import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { averagePrecision, precisionAt } from '../main/review/ranking.ts'
import { clothingLibrary, clothingPhotos, importClothing } from './clothing.ts'
import { fileWithNoise, truthOf } from './steps/noisy.ts'
import { importSubset } from './steps/subset.ts'
import { winnow, type CliEvent, type Finished, type Story } from './steps/winnow.ts'

const clothingPhotoCount = 3781
const three = ['dress', 'longsleeve', 'outwear']

/** Shares of 1 that have to be reached. */
interface Goals {
  readonly ten: number
  readonly three: number
  readonly few: number
  readonly precision: number
  readonly first: number
  readonly tunedTen: number
  readonly tunedThree: number
}

interface Tried {
  readonly name: string
  readonly title: string
  readonly goals: Goals
}

const shared = 'mobilenet-v1-imagenet-to-block-12'
const backbones: readonly Tried[] = [
  {
    name: 'built-in',
    title: 'built-in',
    goals: { ten: 0.85, three: 0.825, few: 0.66, precision: 0.79, first: 0.92, tunedTen: 0.88, tunedThree: 0.87 },
  },
  {
    name: shared,
    title: 'MobileNet v1',
    goals: { ten: 0.84, three: 0.905, few: 0.69, precision: 0.79, first: 0.9, tunedTen: 0.905, tunedThree: 0.9 },
  },
]

/** Features, and a head on them in seconds: of all classes, of three, and of 20 photos a class. */
export async function quickModels(story: Story): Promise<void> {
  for (const tried of backbones) {
    await ready(story, tried)
    await tenClasses(story, tried)
    const of = await importSubset(story, { name: 'clothing-three', classes: three })
    const run = runOf(await quick(story, of, tried))
    addAccuracy(story, `three classes, quick model, ${tried.title}`, tried.goals.three, onBoth(run), run)
    await fewPhotos(story, tried)
  }
}

/** The backbone of the data is added to those of this person, once. */
async function ready(story: Story, { name }: Tried): Promise<void> {
  if (name === shared) await winnow(story, 'backbone', 'add', join(story.data, 'backbones', `${shared}.safetensors`))
}

async function tenClasses(story: Story, tried: Tried): Promise<void> {
  const library = clothingLibrary(story)
  await importClothing(story)
  const made = await winnow(story, 'features', '-L', library, '--backbone', tried.name, '--device', 'cpu')
  story.report.add({
    what: `Clothing: features of 3,781 photos by ${tried.title}, decoding as well`,
    must: '<= 180 s',
    seconds: made.seconds,
    shown: `${made.seconds.toFixed(0)} s`,
    held: made.seconds <= 180,
  })
  const trained = await quick(story, library, tried)
  const run = runOf(trained)
  const { seconds } = trained.one('run') as CliEvent & { readonly seconds: number }
  addAccuracy(story, `ten classes, quick model, ${tried.title}`, tried.goals.ten, [run.summary.testAccuracy, 372], run)
  story.report.add({
    what: `Clothing: quick model of ten classes by ${tried.title}, features there`,
    must: '<= 5 s',
    seconds,
    adapter: run.summary.adapter,
    shown: `${seconds.toFixed(1)} s`,
    held: seconds <= 5,
  })
}

/** The mean of six draws, as many as the rarest class allows: between two draws lie up to eight points. */
async function fewPhotos(story: Story, tried: Tried): Promise<void> {
  const classes = readdirSync(join(clothingPhotos(story), 'train')).sort()
  const found: number[] = []
  let run: CliEvent['run']
  for (const from of [0, 20, 40, 60, 80, 100]) {
    const library = await importSubset(story, { name: 'clothing-twenty', classes, each: 20, from })
    run = runOf(await quick(story, library, tried))
    found.push(run.summary.testAccuracy)
  }
  const mean = found.reduce((sum, accuracy) => sum + accuracy, 0) / found.length
  addAccuracy(story, `20 photos a class, six draws, quick model, ${tried.title}`, tried.goals.few, [mean, 372], run)
}

/** 5 % of the labels wrong, found by five folds of heads, before any training. */
export async function labelsBeforeTraining(story: Story): Promise<void> {
  const photos = clothingPhotos(story)
  const folder = join(story.work, 'clothing-doubts')
  const planted = fileWithNoise(join(photos, 'train'), join(folder, 'train'), { share: 0.05, seed: 7 })
  for (const split of ['validation', 'test'])
    fileWithNoise(join(photos, split), join(folder, split), { share: 0, seed: 7 })
  const library = `${folder}.winnow`
  rmSync(library, { recursive: true, force: true })
  await winnow(story, 'import', folder, '-L', library)
  for (const tried of backbones) {
    await ready(story, tried)
    const checked = await winnow(story, 'suspects', '-L', library, '--backbone', tried.name, '--top', '100000')
    judgeOrder(story, tried, checked, planted)
  }
}

function judgeOrder({ report }: Story, { title, goals }: Tried, checked: Finished, planted: number): void {
  const listed = checked.all('suspect').map(({ suspect }) => truthOf(suspect.photo.name) !== suspect.photo.className)
  // What the queue does not list comes last, all of it alike.
  const missed = planted - listed.filter(Boolean).length
  const wrong = [...listed, ...Array.from({ length: clothingPhotoCount - listed.length }, (_, i) => i < missed)]
  const places = wrong.map((_, place) => Math.min(place, listed.length))
  const [found, first] = [averagePrecision(places, wrong), precisionAt([...wrong.keys()], wrong, 50)]
  report.add({
    what: `Clothing with 5 % wrong: five folds of heads, ${title}`,
    must: `average precision >= ${goals.precision}, first 50 >= ${percent(goals.first)}`,
    seconds: checked.seconds,
    shown: `${found.toFixed(3)}, ${planted - missed} of ${planted} among the ${listed.length} listed; first 50 ${percent(first)}`,
    held: found >= goals.precision && first >= goals.first,
  })
}

/** The whole net goes on learning; a quarter of an hour for each backbone on two cores. */
export async function fineTuned(story: Story): Promise<void> {
  const library = clothingLibrary(story)
  if (!existsSync(library)) await importClothing(story)
  const ofThree = await importSubset(story, { name: 'clothing-three', classes: three })
  for (const tried of backbones) {
    await ready(story, tried)
    const begin = ['--from', tried.name, '--device', 'cpu', '--seed', '1']
    const ten = await winnow(story, 'train', '-L', library, ...begin)
    const run = runOf(ten)
    addAccuracy(
      story,
      `ten classes, fine-tuned from ${tried.title}, ${run.settings.epochs} epochs`,
      tried.goals.tunedTen,
      [run.summary.testAccuracy, 372],
      run,
      ten.seconds,
    )
    const few = await winnow(story, 'train', '-L', ofThree, ...begin, '--epochs', '12')
    const last = runOf(few)
    addAccuracy(
      story,
      `three classes, fine-tuned from ${tried.title}, ${last.settings.epochs} epochs`,
      tried.goals.tunedThree,
      onBoth(last),
      last,
      few.seconds,
    )
  }
}

function quick(story: Story, library: string, { name }: Tried): Promise<Finished> {
  return winnow(story, 'quick', '-L', library, '--backbone', name, '--device', 'cpu')
}

function runOf(trained: Finished): CliEvent['run'] {
  return trained.one('run').run
}

/** The accuracy on validation and test photos together, and how many they are. */
function onBoth({ photos, summary }: CliEvent['run']): readonly [accuracy: number, photos: number] {
  const all = photos.validation + photos.test
  return [(summary.validationAccuracy * photos.validation + summary.testAccuracy * photos.test) / all, all]
}

function addAccuracy(
  { report }: Story,
  what: string,
  least: number,
  [accuracy, photos]: readonly [accuracy: number, photos: number],
  run: CliEvent['run'],
  seconds = 0,
): void {
  report.add({
    what: `Clothing: ${what}`,
    must: `>= ${percent(least)} of ${photos} photos`,
    seconds,
    adapter: run.summary.adapter,
    shown: `${percent(accuracy)} (validation ${percent(run.summary.validationAccuracy)}, test ${percent(run.summary.testAccuracy)})`,
    held: accuracy >= least,
  })
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
