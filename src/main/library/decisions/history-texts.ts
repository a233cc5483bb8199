// What a decision is called: an English sentence for the terminal, and the kind with its values for the page to put in
// its own words.

import type { Decision } from '../../../contract/records.ts'

export type DecisionKind =
  | 'label'
  | 'unlabel'
  | 'label-list'
  | 'exclude'
  | 'include'
  | 'split'
  | 'unsplit'
  | 'split-list'
  | 'split-deal'
  | 'keep'
  | 'label-kept'
  | 'label-unsure'
  | 'accept'
  | 'unaccept'
  | 'version-restore'
  | 'proposals-accept'
  | 'class-create'
  | 'class-rename'
  | 'class-merge'
  | 'class-delete'
export type DecisionValues = Readonly<Record<string, string>>

const texts: Readonly<Record<DecisionKind, (values: DecisionValues, photos: string) => string>> = {
  label: (values, photos) => `${photos} labelled ${values.class}`,
  unlabel: (_, photos) => `${photos} left without a label`,
  'label-list': (_, photos) => `${photos} labelled by a list`,
  exclude: (_, photos) => `${photos} excluded`,
  include: (_, photos) => `${photos} included again`,
  split: (values, photos) => `${photos} moved to ${values.split}`,
  unsplit: (_, photos) => `${photos} left without a split`,
  'split-list': (_, photos) => `${photos} given splits by a list`,
  'split-deal': (_, photos) => `${photos} dealt into splits`,
  accept: (values, photos) => `${photos} accepted in spite of "${values.problem}"`,
  unaccept: (values, photos) => `${photos} no more accepted in spite of "${values.problem}"`,
  keep: () => 'Another copy kept',
  'label-kept': values => `Label ${values.class} kept`,
  'label-unsure': values => `Not sure of the label ${values.class}`,
  'version-restore': (values, photos) => `Back to version ${values.version} (${photos})`,
  'proposals-accept': (values, photos) => `${photos} labelled as proposed, ${values.above} sure or more`,
  'class-create': values => `Class ${values.class} made`,
  'class-rename': values => `Class ${values.was} renamed ${values.class}`,
  'class-merge': (values, photos) => `Class ${values.was} merged into ${values.class} (${photos})`,
  'class-delete': values => `Class ${values.class} deleted`,
}

/** "240 photos labelled cat". */
export function decisionText(kind: string, values: DecisionValues): string {
  const count = Number(values.count)
  const photos = `${count.toLocaleString('en')} ${count === 1 ? 'photo' : 'photos'}`
  return texts[kind as DecisionKind]?.(values, photos) ?? `${photos}: ${kind}`
}

export function decision(id: number, changed: number, kind: string, values: DecisionValues): Decision {
  return { id, changed, kind, values: { ...values }, text: decisionText(kind, values) }
}
