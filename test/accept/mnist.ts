// 70,000 handwritten digits: all of them imported, none broken, and a small and a deep net learn them.

import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { photosRoot } from './steps/find.ts'
import { unpacked, winnow, type Story } from './steps/winnow.ts'

const mnistLibrary = ({ work }: Story) => join(work, 'mnist.winnow')

export async function mnist(story: Story): Promise<void> {
  const { report } = story
  const library = mnistLibrary(story)
  await importMnist(story)
  const trained = await winnow(
    story,
    'train',
    '-L',
    library,
    '--preset',
    'simple-conv',
    '--size',
    '28',
    '--epochs',
    '3',
    '--batch',
    '100',
    '--seed',
    '1',
  )
  const { run } = trained.one('run')
  report.add({
    what: 'MNIST: simple-conv, 3 epochs',
    must: '>= 98.5 % of 10,000 test images',
    seconds: trained.seconds,
    adapter: run.summary.adapter,
    shown: `${(100 * run.summary.testAccuracy).toFixed(2)} % of ${run.photos.test}`,
    held: run.summary.testAccuracy >= 0.985 && run.photos.test === 10_000,
  })
}

/** Chapter 8 of "Deep Learning from Scratch" says 99.38 %. Long on a software GPU: run with --long. */
export async function deepConvnet(story: Story): Promise<void> {
  const library = mnistLibrary(story)
  if (!existsSync(library)) await importMnist(story)
  const trained = await winnow(
    story,
    'train',
    '-L',
    library,
    '--preset',
    'deep-convnet',
    '--size',
    '28',
    '--epochs',
    '12',
    '--batch',
    '100',
    '--augment',
    'none',
    '--seed',
    '1',
  )
  const { run } = trained.one('run')
  story.report.add({
    what: `MNIST: deep-convnet, ${run.summary.epochs} epochs`,
    must: '>= 99.3 % of 10,000 test images',
    seconds: trained.seconds,
    adapter: run.summary.adapter,
    shown: `${(100 * run.summary.testAccuracy).toFixed(2)} % of ${run.photos.test}`,
    held: run.summary.testAccuracy >= 0.993 && run.photos.test === 10_000,
  })
}

async function importMnist(story: Story): Promise<void> {
  const photos = photosRoot(unpacked(story, 'mnist-png.tar.gz', 'mnist'))
  const library = mnistLibrary(story)
  rmSync(library, { recursive: true, force: true })
  const imported = await winnow(story, 'import', photos, '-L', library)
  const { summary } = imported.one('library')
  story.report.add({
    what: 'MNIST: import',
    must: '60,000 train + 10,000 test, 0 broken',
    seconds: imported.seconds,
    shown: `${summary.splits.train} + ${summary.splits.test}, ${summary.broken} broken`,
    held: summary.splits.train === 60_000 && summary.splits.test === 10_000 && summary.broken === 0,
  })
}
