// 3,781 photos of clothes: its three splits, a net learnt from scratch; and the same with files that were spoilt on
// purpose.

import { copyFileSync, cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { photosRoot } from './steps/find.ts'
import { unpacked, winnow, type Finished, type Story } from './steps/winnow.ts'

/** Instead of what is suggested with the net for photos. */
const plain = [
  '--optimizer',
  'adam',
  '--rate',
  '0.001',
  '--schedule',
  'cosine',
  '--label-smoothing',
  '0',
  '--augment',
  'light',
]

export const clothingLibrary = ({ work }: Story) => join(work, 'clothing.winnow')

export async function clothing(story: Story): Promise<void> {
  const { report } = story
  const library = clothingLibrary(story)
  await importClothing(story)
  const trained = await winnow(
    story,
    'train',
    '-L',
    library,
    '--preset',
    'photo-convnet',
    '--size',
    '64',
    '--epochs',
    '10',
    '--batch',
    '32',
    '--seed',
    '1',
    ...plain,
  )
  const { run } = trained.one('run')
  report.add({
    what: 'Clothing: photo-convnet, 64 px, 10 epochs',
    must: '>= 65 % of 372 test photos',
    seconds: trained.seconds,
    adapter: run.summary.adapter,
    shown: `${(100 * run.summary.testAccuracy).toFixed(1)} % of ${run.photos.test}`,
    held: run.summary.testAccuracy >= 0.65 && run.photos.test === 372,
  })
}

/** All of it as a new library. */
export async function importClothing(story: Story): Promise<void> {
  const library = clothingLibrary(story)
  rmSync(library, { recursive: true, force: true })
  const imported = await winnow(story, 'import', clothingPhotos(story), '-L', library)
  const { splits, broken } = imported.one('library').summary
  story.report.add({
    what: 'Clothing: import',
    must: '3,068 + 341 + 372',
    seconds: imported.seconds,
    shown: `${splits.train} + ${splits.validation} + ${splits.test}, ${broken} broken`,
    held: splits.train === 3068 && splits.validation === 341 && splits.test === 372 && broken === 0,
  })
}

export async function clothingWithBadFiles(story: Story): Promise<void> {
  const { report, work } = story
  const folder = join(work, 'clothing-bad')
  const library = join(work, 'clothing-bad.winnow')
  rmSync(folder, { recursive: true, force: true })
  rmSync(library, { recursive: true, force: true })
  cpSync(clothingPhotos(story), folder, { recursive: true })
  const spoilt = spoil(join(folder, 'train'))
  const imported = await winnow(story, 'import', folder, '-L', library)
  const checked = await winnow(story, 'check', '-L', library)
  const named = (code: string, files: readonly string[]) => files.filter(file => reasonFor(checked, code, file)).length
  const shown = [
    `${named('truncated', spoilt.truncated)} cut short`,
    `${named('empty', spoilt.empty)} empty`,
    `${named('not-an-image', spoilt.text)} text`,
    `${named('exact-duplicate', spoilt.copies)} copies`,
  ]
  report.add({
    what: 'Clothing with bad files: each named with its reason',
    must: '5 cut short, 1 empty, 1 text, 20 copies',
    seconds: imported.seconds + checked.seconds,
    shown: shown.join(', '),
    held: shown.join(', ') === '5 cut short, 1 empty, 1 text, 20 copies',
  })
  const trained = await winnow(
    story,
    'train',
    '-L',
    library,
    '--preset',
    'photo-convnet',
    '--size',
    '32',
    '--epochs',
    '1',
    '--batch',
    '32',
    '--seed',
    '1',
  )
  const { run } = trained.one('run')
  // Five cut short and one emptied are out; the text file was never a photo; the twenty copies are photos.
  const expectedUsed = 3781 - 6 + 20
  const used = run.photos.train + run.photos.validation + run.photos.test
  report.add({
    what: 'Clothing with bad files: the rest is trained',
    must: `${expectedUsed} photos, the bad ones left out`,
    seconds: trained.seconds,
    adapter: run.summary.adapter,
    shown: `${used} photos, state ${run.state}`,
    held: run.state === 'done' && used === expectedUsed,
  })
}

/** The folder that holds `train`, `validation` and `test`. */
export function clothingPhotos(story: Story): string {
  return photosRoot(unpacked(story, 'clothing-photos.tar', 'clothing'))
}

/** Spoils files of one class: five cut short, one emptied, one more that holds text, and twenty copied. */
function spoil(train: string) {
  const folder = join(train, 'shirt')
  const files = readdirSync(folder)
    .sort()
    .map(name => join(folder, name))
  const truncated = files.slice(0, 5)
  for (const file of truncated) truncateSync(file, Math.floor(readFileSync(file).length / 2))
  const empty = files.slice(5, 6)
  truncateSync(empty[0]!, 0)
  const text = [join(folder, 'notes.jpg')]
  writeFileSync(text[0]!, 'This is a shopping list, not a photo.\n')
  const copies = files.slice(6, 26).map(file => join(folder, `copy of ${basename(file)}`))
  copies.forEach((copy, i) => copyFileSync(files[6 + i]!, copy))
  return { truncated, empty, text, copies }
}

function reasonFor(checked: Finished, code: string, file: string): string | undefined {
  return checked.all('photo').find(photo => photo.path.endsWith(`shirt/${basename(file)}`))?.reasons[code]
}
