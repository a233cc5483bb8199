// The two or three things most worth doing next, worked out from a run's own numbers: each sentence holds the figures
// it rests on, and nothing is said that they do not show.

import type { Advice, Calibration, ConfusionMatrix, ReviewReport } from '../../../contract/records.ts'

export interface AdviceInput {
  readonly train: ReviewReport
  readonly validation: ReviewReport
  readonly confusion: ConfusionMatrix
  readonly calibration: Calibration
}

const most = 3

/** At most three, the most useful first; none where the numbers show nothing to do. */
export function advise(input: AdviceInput): Advice[] {
  return [confusedPair, fewPhotos, overfit, wideInterval, tooSure].flatMap(rule => rule(input) ?? []).slice(0, most)
}

type AdviceRule = (input: AdviceInput) => Advice | null

/** The pair of classes mixed up most, when that is a fifth of all mistakes and more than a chance few. */
const confusedPair: AdviceRule = ({ confusion: { classes, counts } }) => {
  const pairs = counts.flatMap((row, a) =>
    row.flatMap((_, b) => (b > a ? [{ a, b, photos: counts[a]![b]! + counts[b]![a]! }] : [])),
  )
  const mistakes = pairs.reduce((sum, pair) => sum + pair.photos, 0)
  const worst = pairs.reduce((best, pair) => (pair.photos > best.photos ? pair : best), { a: 0, b: 0, photos: 0 })
  if (worst.photos < 3 || worst.photos < mistakes / 5) return null
  const [first, second] = [classes[worst.a]!.name, classes[worst.b]!.name]
  return {
    code: 'confused-pair',
    values: { first, second, photos: worst.photos, mistakes },
    text: `“${first}” and “${second}” are mixed up most: ${worst.photos} of ${mistakes} mistakes. Look at these photos first, for wrong labels or a class that should be split.`,
  }
}

/** A class with less than half the typical number of photos that is also found less often than the others. */
const fewPhotos: AdviceRule = ({ train, validation }) => {
  const sizes = train.classes.map(({ photos }) => photos).toSorted((a, b) => a - b)
  const typical = sizes[sizes.length >> 1] ?? 0
  const poor = train.classes
    .map(({ name, photos }, k) => ({ name, photos, recall: validation.classes[k]!.recall.value }))
    .filter(({ photos, recall }) => photos < typical / 2 && recall !== null && recall < validation.accuracy.low)
    .toSorted((a, b) => a.recall! - b.recall!)[0]
  if (!poor) return null
  const recall = percent(poor.recall!)
  return {
    code: 'few-photos',
    values: { name: poor.name, photos: poor.photos, typical, recall },
    text: `“${poor.name}” has ${poor.photos} training photos where ${typical} are typical, and only ${recall} % of it is found. More photos of it would help.`,
  }
}

/** Training photos are answered better by far, and by more than chance would do. */
const overfit: AdviceRule = ({ train, validation }) => {
  const [known, unseen] = [train.accuracy.value ?? 0, validation.accuracy.value ?? 0]
  if (known - unseen < 0.15 || train.accuracy.low < validation.accuracy.high) return null
  return {
    code: 'overfit',
    values: { known: percent(known), unseen: percent(unseen) },
    text: `${percent(known)} % right on training photos but ${percent(unseen)} % on new ones: the model knows its photos by heart. More photos, or augmentation, would help most.`,
  }
}

/** Too few photos to tell a good model from a middling one. */
const wideInterval: AdviceRule = ({ validation: { photos, accuracy } }) => {
  if (photos === 0 || accuracy.high - accuracy.low < 0.1) return null
  const [low, high] = [percent(accuracy.low), percent(accuracy.high)]
  return {
    code: 'wide-interval',
    values: { photos, low, high },
    text: `With ${photos} validation photos the true accuracy may lie anywhere from ${low} to ${high} %. More of them would tell.`,
  }
}

const tooSure: AdviceRule = ({ calibration: { photos, error, temperature } }) => {
  if (photos < 50 || error < 0.05 || temperature < 1.2) return null
  return {
    code: 'too-sure',
    values: { error: percent(error), temperature: Number(temperature.toFixed(2)) },
    text: `The model is surer than it should be, by ${percent(error)} points on average. Do not read its confidence as a probability without the temperature of ${temperature.toFixed(2)}.`,
  }
}

function percent(share: number): number {
  return Math.round(share * 100)
}
