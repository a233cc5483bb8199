// A decision as a sentence in the language of the page, from its kind and values.

import { useI18n } from 'vue-i18n'
import type { Decision } from '../../../contract/records.ts'
import { useFormat } from '../../i18n/use-format.ts'

/** Kinds of decisions that the page has words for. */
const told = new Set([
  'label',
  'unlabel',
  'label-list',
  'split-list',
  'split-deal',
  'exclude',
  'include',
  'split',
  'unsplit',
  'keep',
  'label-kept',
  'label-unsure',
  'accept',
  'unaccept',
  'version-restore',
  'proposals-accept',
  'class-create',
  'class-rename',
  'class-merge',
  'class-delete',
])

export function useDecisionText() {
  const { t } = useI18n({ useScope: 'global' })
  const { number } = useFormat()

  /** The sentence of this kind for so many photos. */
  function counted(kind: string, count: number, values: Readonly<Record<string, string>> = {}): string {
    return t(`decisions.${kind}`, { ...values, count: number(count) }, count)
  }

  /** A decision of the service; one of a kind that the page has no words for is told in the service's. */
  function describe(decision: Decision): string {
    const {
      class: className = '',
      split: splitName = '',
      was = '',
      problem = '',
      version = '',
      above = '',
      of,
    } = decision.values
    const kind = of ?? decision.kind
    if (!told.has(kind)) return decision.text
    return counted(kind, decision.changed, {
      class: className,
      was,
      version,
      above,
      split: t(`splits.${splitName || 'none'}`),
      ...(problem !== '' && { problem: t(`problems.${problem}.name`) }),
    })
  }

  return { counted, describe }
}
