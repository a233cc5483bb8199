// Blur at the photo's own scale: 32 real photos, evenly taken from all, blurred by a Gaussian of 4, 8 and 16 pixels, and
// how many of the sharp ones are called blurry beside them; and which of a photo's copies is kept.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { groupDuplicates, type DuplicateCandidate } from '../../src/main/pixels/scores/duplicates.ts'
import { decodeImage } from '../../src/main/pixels/decode/decode-image.ts'
import { scoreAndHash, workingPhoto } from '../../src/main/pixels/decode/derive.ts'
import { qualityProblems } from '../../src/main/pixels/scores/quality.ts'
import { photosRoot } from './steps/find.ts'
import { unpacked, type Story } from './steps/winnow.ts'

const BLURRED = 32

export async function blur(story: Story): Promise<void> {
  const { report } = story
  const root = photosRoot(unpacked(story, 'clothing-photos.tar', 'clothing-photos'))
  const photos = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.jpg'))
    .sort()
    .map(name => join(root, name))
  const some = photos.filter((_, i) => i % Math.floor(photos.length / BLURRED) === 5).slice(0, BLURRED)
  for (const [sigma, must] of [
    [4, 24],
    [8, 28],
    [16, 32],
  ] as const) {
    const begun = performance.now()
    let found = 0
    for (const path of some) if (isBlurry(await measure(await blurred(path, sigma)))) found++
    line(`blurred by ${sigma} px, found`, `>= ${must} of ${BLURRED}`, `${found} of ${BLURRED}`, found >= must, begun)
  }
  const begun = performance.now()
  let flagged = 0
  for (const path of photos) if (isBlurry(await measure(readFileSync(path)))) flagged++
  const share = (flagged / photos.length) * 100
  line(
    'photos as they are, called blurry',
    '<= 3 %',
    `${flagged} of ${photos.length}, ${share.toFixed(1)} %`,
    share <= 3,
    begun,
  )
  await originals(some)

  async function originals(paths: readonly string[]): Promise<void> {
    const from = performance.now()
    let kept = 0
    let made = 0
    for (const path of paths) {
      for (const copy of await copiesOf(path)) {
        made++
        if ((await keeperOf(readFileSync(path), copy)) === 0) kept++
      }
    }
    const held = kept >= made * 0.9
    line(
      'of a photo and its enlarged, grey or recompressed copy, the photo is kept',
      '>= 90 %',
      `${kept} of ${made}`,
      held,
      from,
    )
  }

  function line(what: string, must: string, shown: string, held: boolean, from: number): void {
    report.add({ what, must, shown, held, seconds: (performance.now() - from) / 1000 })
  }
}

function blurred(path: string, sigma: number): Promise<Buffer> {
  return sharp(path).autoOrient().blur(sigma).jpeg({ quality: 90 }).toBuffer()
}

async function measure(bytes: Buffer) {
  const { raster } = await decodeImage(bytes, 'jpeg', 1e8)
  return { raster, ...scoreAndHash(workingPhoto(raster)) }
}

function isBlurry({ quality }: Awaited<ReturnType<typeof measure>>): boolean {
  return qualityProblems(quality!).some(problem => problem.code === 'blurry')
}

/** Twice and one and a half times as large, grey, and packed harder. */
async function copiesOf(path: string): Promise<Buffer[]> {
  const photo = () => sharp(path).autoOrient()
  const { autoOrient } = await sharp(path).metadata()
  const larger = (times: number) =>
    photo()
      .resize(Math.round(autoOrient.width * times))
      .jpeg({ quality: 95 })
      .toBuffer()
  return [
    await larger(2),
    await larger(1.5),
    await photo().greyscale().jpeg({ quality: 95 }).toBuffer(),
    await photo().jpeg({ quality: 50 }).toBuffer(),
  ]
}

/** 0: the first; null where the two are not seen as copies. */
async function keeperOf(...files: readonly Buffer[]): Promise<number | null> {
  const candidates = await Promise.all(
    files.map(async (bytes, id): Promise<DuplicateCandidate> => {
      const { raster, quality, ownDetail, phash, pixelSha256 } = await measure(bytes)
      const { width, height } = raster
      const facts = { format: 'jpeg', grey: quality!.grey, ownDetail, label: null, split: null, modifiedMs: 0 }
      return { id, phash, pixelSha256: pixelSha256!, width, height, sizeBytes: bytes.length, ...facts }
    }),
  )
  return groupDuplicates(candidates, 6)[0]?.keeper ?? null
}
