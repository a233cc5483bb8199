// The stages of the page, in the order of the work. The router, the top bar, the shortcuts and the desktop menu read this
// table; a stage's name is also the key of its texts (`stages.<name>`).

interface StageEntry {
  readonly name: string
  /** The path in the address, with its optional parameter, as vue-router writes it. */
  readonly path: string
  /** The digit that opens the stage together with Alt. */
  readonly digit: number
}

export const stageTable = [
  { name: 'library', path: '/library', digit: 1 },
  { name: 'clean', path: '/clean/:problem?', digit: 2 },
  { name: 'train', path: '/train/:runId(\\d+)?', digit: 3 },
  { name: 'review', path: '/review/:runId(\\d+)?', digit: 4 },
  { name: 'models', path: '/models/:runId(\\d+)?', digit: 5 },
] as const satisfies readonly StageEntry[]

export type Stage = (typeof stageTable)[number]['name']

export const stages: readonly Stage[] = stageTable.map(({ name }) => name)
