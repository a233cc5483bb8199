// The few things most worth doing next, worked out from a run's own numbers: each sentence holds the figures
// it rests on, and nothing is said that they do not show.

import type { Advice, Calibration, ConfusionMatrix, ReviewReport } from '../../../contract/records.ts'

export interface AdviceInput {
  readonly train: ReviewReport
  readonly validation: ReviewReport
  /** Null where the run has no test photos. */
  readonly test: ReviewReport | null
  readonly confusion: ConfusionMatrix
  readonly calibration: Calibration
  readonly epochs: number
  /** Whether photos were changed at random while it trained. */
  readonly augmented: boolean
  /** Usable photos of the library without a label. */
  readonly unlabelled: number
}

const most = 4
/** Fewer new photos than this do not tell chance from skill. */
const fewestJudged = 8

/** At most four, the most useful first; none where the numbers show nothing to do. Of a model that answers new photos
 *  by chance only that is said: its mistakes tell nothing of the labels. */
export function advise(input: AdviceInput): Advice[] {
  const rules = !answersByChance(input)
    ? [copies, splitGap, unjudged, confusedPair, fewPhotos, overfit, wideInterval, tooSure, unlabelledPhotos]
    : [underTrained, copies, overfit, splitGap, unlabelledPhotos]
  return rules.flatMap(rule => rule(input) ?? []).slice(0, most)
}

type AdviceRule = (input: AdviceInput) => Advice | null

/** The test photos, or the validation photos where there are none. */
function judgedBy({ test, validation }: AdviceInput): ReviewReport {
  return test && test.photos > 0 ? test : validation
}

/** What always giving one class, or any at random, would make right. */
function guessShare({ train, validation }: AdviceInput): number {
  const classes = train.classes.filter(({ photos }) => photos > 0).length
  const shares = validation.classes.map(({ photos }) => photos / Math.max(1, validation.photos))
  return Math.max(1 / Math.max(1, classes), ...shares)
}

/** New photos are not answered better than that: as they stand hardly, and as far as their number tells not at all. Of a
 *  handful nothing is said. */
function answersByChance(input: AdviceInput): boolean {
  const { accuracy, photos } = judgedBy(input)
  const { value, low } = accuracy
  const guess = guessShare(input)
  return photos >= fewestJudged && value !== null && low <= guess && value < guess + 0.25 * (1 - guess)
}

/** Training photos themselves are answered hardly better than by guessing. */
const underTrained: AdviceRule = input => {
  const { train, epochs } = input
  const [judged, guess] = [judgedBy(input), guessShare(input)]
  const learnt = train.accuracy.value ?? 0
  if (learnt >= guess + 0.25 * (1 - guess)) return null
  const [known, unseen, guessing] = [percent(learnt), percent(judged.accuracy.value ?? 0), percent(guess)]
  return {
    code: 'under-trained',
    values: { known, unseen, guessing, epochs, split: judged.split },
    text: `${unseen} % right on ${judged.split} photos and ${known} % on training photos, where guessing gives ${guessing} %: the model has not learnt yet. Train longer than ${count(epochs, 'epoch')}, or with another learning rate or a larger net; its mistakes say nothing of the labels.`,
  }
}

/** What is judged was learnt: copies of training photos. */
const copies: AdviceRule = ({ test, validation }) => {
  const judged = [test, validation].find(report => (report?.copies?.photos ?? 0) > 0)
  if (!judged?.copies) return null
  const { photos, accuracy } = judged.copies
  const values = { split: judged.split, photos, of: judged.photos, accuracy: percent(judged.accuracy.value ?? 0) }
  const told = `${photos} of ${count(judged.photos, `${judged.split} photo`)} ${photos === 1 ? 'is a copy of a training photo' : 'are copies of training photos'}`
  if (accuracy.value === null)
    return { code: 'copies-only', values, text: `${told}, all there are: how good the model is, they cannot say.` }
  const without = percent(accuracy.value)
  return {
    code: 'copies-in-training',
    values: { ...values, without },
    text: `${told}: without them ${without} % is right instead of ${values.accuracy} %. Move the copies to one split, or exclude them.`,
  }
}

/** Test photos are answered otherwise than validation photos, and not by chance. */
const splitGap: AdviceRule = ({ validation, test }) => {
  if (test === null || test.photos === 0 || validation.photos === 0) return null
  const [one, other] = [validation.accuracy, test.accuracy]
  const apart = Math.abs(one.value! - other.value!)
  if (apart < 0.05 || (one.low <= other.high && other.low <= one.high)) return null
  const [known, unseen] = [percent(one.value!), percent(other.value!)]
  const why =
    one.value! > other.value!
      ? 'The test photos are of another kind than the rest, or the settings were chosen by the validation photos.'
      : 'The test photos are easier, or were learnt.'
  return {
    code: one.value! > other.value! ? 'test-lower' : 'test-higher',
    values: { validation: known, test: unseen },
    text: `${known} % right on validation photos but ${unseen} % on test photos, more than chance would do. ${why}`,
  }
}

/** Classes that no photo judges. */
const unjudged: AdviceRule = ({ train, validation, test }) => {
  const missing = ([validation, test] as const).flatMap(report => {
    const names = report && report.photos > 0 ? classesWithout(report, train) : []
    return names.length > 0 ? [{ split: report!.split, names }] : []
  })
  const [first] = missing
  if (!first) return null
  const { split, names } = first
  return {
    code: 'class-unjudged',
    values: { split, classes: names.join(', '), count: names.length },
    text: missing
      .map(
        one =>
          `No ${one.split} photo of ${one.names.map(name => `“${name}”`).join(', ')}: how well ${one.names.length === 1 ? 'it is' : 'they are'} found, nothing says.`,
      )
      .join(' '),
  }
}

/** Classes that were learnt and of which this split has no photo. */
export function classesWithout(report: ReviewReport, train?: ReviewReport): string[] {
  return report.classes
    .filter(({ photos }, k) => photos === 0 && train?.classes[k]!.photos !== 0)
    .map(({ name }) => name)
}

/** Photos without a label, a twentieth of those learnt from or more. */
const unlabelledPhotos: AdviceRule = ({ train, unlabelled }) => {
  if (unlabelled < 5 || unlabelled < train.photos / 20) return null
  return {
    code: 'unlabelled',
    values: { photos: unlabelled },
    text: `${count(unlabelled, 'usable photo')} of the library ${unlabelled === 1 ? 'has' : 'have'} no label yet. With labels they would be learnt from too.`,
  }
}

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
const overfit: AdviceRule = ({ train, validation, augmented }) => {
  const [known, unseen] = [train.accuracy.value ?? 0, validation.accuracy.value ?? 0]
  if (known - unseen < 0.15 || train.accuracy.low < validation.accuracy.high) return null
  const told = `${percent(known)} % right on training photos but ${percent(unseen)} % on new ones: the model knows its photos by heart.`
  return {
    code: augmented ? 'overfit-augmented' : 'overfit',
    values: { known: percent(known), unseen: percent(unseen) },
    text: augmented
      ? `${told} Photos were changed at random already; more photos would help most, then stronger changes or a smaller net.`
      : `${told} More photos, or augmentation, would help most.`,
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

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`
}

function percent(share: number): number {
  return Math.round(share * 100)
}
