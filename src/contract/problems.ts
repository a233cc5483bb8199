// Every kind of problem that a file or photo can have, in one table: what it means for training, the score and the
// limit it comes of, and its English words. The services, the terminal and the page read it; a new problem is a row
// here and its words in the other languages.

interface ProblemKind {
  /** 'blocking' keeps a file out of training; 'warning' is for a person to look at. */
  readonly kind: 'blocking' | 'warning'
  /** The score it comes of (a field of `Scores`), and the limit below which a photo is flagged unless a person sets
   *  another: cleanvision's, where it has that score. */
  readonly score?: ScoreName
  /** A second score that it comes of as well. */
  readonly second?: { readonly score: ScoreName; readonly limit: number }
  readonly limit?: number
  /** On more than a tenth of the photos it tells how the whole set looks, and is not held against each photo. */
  readonly canBeOfTheSet?: true
  readonly name: string
  readonly about: string
}

type ScoreName = 'dark' | 'light' | 'sharpness' | 'blurry' | 'lowInformation' | 'oddAspect' | 'oddSize'

/** In the order in which the wire and the table of photos number them: new ones come last. */
export const problems = {
  empty: { kind: 'blocking', name: 'Empty files', about: 'The file has no bytes in it.' },
  'not-an-image': {
    kind: 'blocking',
    name: 'Not images',
    about: 'The content is no image, whatever the name says.',
  },
  truncated: {
    kind: 'blocking',
    name: 'Cut short',
    about: 'The file ends too early, so part of the photo is missing.',
  },
  'too-large': {
    kind: 'blocking',
    name: 'Too large',
    about: 'The photo has more pixels than can be decoded safely.',
  },
  unsupported: {
    kind: 'blocking',
    name: 'Unsupported formats',
    about: 'The format is known, but cannot be read here.',
  },
  unreadable: { kind: 'blocking', name: 'Unreadable', about: 'The file could not be read.' },
  'changed-while-read': {
    kind: 'blocking',
    name: 'Changed while read',
    about: 'The file was being written while it was read. Check again.',
  },
  'decoder-crashed': {
    kind: 'blocking',
    name: 'Crashed the decoder',
    about: 'Decoding this file ended its process, so it is left out.',
  },
  'decoder-slow': { kind: 'blocking', name: 'Took too long', about: 'Decoding did not end in time.' },
  missing: { kind: 'blocking', name: 'Missing', about: 'The file is no longer where it was.' },
  'wrong-extension': {
    kind: 'warning',
    canBeOfTheSet: true,
    name: 'Wrong extension',
    about: 'The name says another format than the content.',
  },
  dark: {
    kind: 'warning',
    score: 'dark',
    limit: 0.32,
    canBeOfTheSet: true,
    name: 'Dark',
    about: 'Even the bright parts are nearly black.',
  },
  light: {
    kind: 'warning',
    score: 'light',
    limit: 0.05,
    canBeOfTheSet: true,
    name: 'Very bright',
    about: 'Even the dark parts are nearly white.',
  },
  blurry: {
    kind: 'warning',
    score: 'sharpness',
    limit: 0.31,
    second: { score: 'blurry', limit: 0.29 },
    canBeOfTheSet: true,
    name: 'Blurry',
    about: 'Nothing in the photo is sharp.',
  },
  'low-information': {
    kind: 'warning',
    score: 'lowInformation',
    limit: 0.3,
    canBeOfTheSet: true,
    name: 'Almost empty',
    about: 'The photo is nearly one even tone.',
  },
  'odd-aspect': {
    kind: 'warning',
    score: 'oddAspect',
    limit: 0.35,
    canBeOfTheSet: true,
    name: 'Odd shape',
    about: 'The photo is far longer than wide, or wider than high.',
  },
  'odd-size': {
    kind: 'warning',
    score: 'oddSize',
    limit: 0.5,
    canBeOfTheSet: true,
    name: 'Too small',
    about: 'The photo is so small that a net sees it enlarged to twice its size and more.',
  },
  greyscale: { kind: 'warning', canBeOfTheSet: true, name: 'Grey', about: 'The photo has no colours.' },
  'exact-duplicate': {
    kind: 'warning',
    name: 'Exact duplicates',
    about: 'The same photo is here more than once.',
  },
  'near-duplicate': { kind: 'warning', name: 'Near duplicates', about: 'Another photo looks almost the same.' },
  outlier: {
    kind: 'warning',
    name: 'Outliers',
    about: 'Unlike all other photos of its class, by what a trained model sees.',
  },
  'unlike-class': {
    kind: 'warning',
    name: 'Unlike its class',
    about: 'Closer to the photos of another class, by what a trained model sees.',
  },
  mended: {
    kind: 'warning',
    canBeOfTheSet: true,
    name: 'Odd files',
    about: 'The file is not quite as its format asks, but its pixels are whole.',
  },
  'guessed-range': {
    kind: 'warning',
    canBeOfTheSet: true,
    name: 'Guessed brightness',
    about: 'The numbers of the file do not say what black and white are, so it was guessed from the photo.',
  },
} as const satisfies Record<string, ProblemKind>

type Code = keyof typeof problems
type CodeOf<Kind> = { [C in Code]: (typeof problems)[C] extends Kind ? C : never }[Code]

const rows = Object.entries(problems) as [Code, ProblemKind][]

export const problemCodes = rows.map(([code]) => code)
export const blockingProblems = codesWith<CodeOf<{ kind: 'blocking' }>>(({ kind }) => kind === 'blocking')
export const warningProblems = codesWith<CodeOf<{ kind: 'warning' }>>(({ kind }) => kind === 'warning')
export const problemsOfTheSet = codesWith(({ canBeOfTheSet }) => canBeOfTheSet === true)

/** The score that each kind with a limit comes of. */
export const scoreOfProblem: Readonly<Partial<Record<Code, ScoreName>>> = Object.fromEntries(
  rows.flatMap(([code, { score }]) => (score ? [[code, score]] : [])),
)

/** All scores that each kind with a limit comes of. */
export const scoresOfProblem: Readonly<Partial<Record<Code, readonly ScoreName[]>>> = Object.fromEntries(
  rows.flatMap(([code, { score, second }]) => (score ? [[code, second ? [score, second.score] : [score]]] : [])),
)

/** The limits unless a person sets others, by score. */
export const defaultThresholds = Object.fromEntries(
  rows.flatMap(([, { score, limit, second }]) => [
    ...(score ? [[score, limit]] : []),
    ...(second ? [[second.score, second.limit]] : []),
  ]),
) as Readonly<Record<ScoreName, number>>

/** Name and meaning of each kind in English. */
export const problemTexts = Object.fromEntries(
  rows.map(([code, { name, about }]) => [code, { name, about }]),
) as Record<Code, { name: string; about: string }>

function codesWith<C extends Code = Code>(isMeant: (kind: ProblemKind) => boolean): readonly C[] {
  return rows.flatMap(([code, kind]) => (isMeant(kind) ? [code as C] : []))
}
