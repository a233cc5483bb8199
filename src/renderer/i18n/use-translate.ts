// The services' coded sentences in the language of the page: errors, problems, reasons, notes, decisions. English is
// what the service wrote, with its values; Korean is looked up by code and filled with the same values, and falls back
// to the English sentence.

import { useI18n } from 'vue-i18n'
import { toErrorRecord } from '../../contract/errors.ts'
import type { ErrorRecord } from '../../contract/errors.ts'
import type { Problem } from '../../contract/records.ts'
import { koAdvice, koChecks, koErrors, koImportNotes, koNotes, koProblems, koReasons } from './ko-codes.ts'

interface Coded {
  readonly code: string
  readonly text: string
  readonly values: Readonly<Record<string, string | number>>
}

const korean = new Intl.NumberFormat('ko', { maximumFractionDigits: 3 })

/** Puts values into `{name}` places; null where a place has no value, so that a half-filled sentence is never shown. */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string | null {
  let whole = true
  const text = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) whole = false
    return typeof value === 'number' ? korean.format(value) : (value ?? '')
  })
  return whole ? text : null
}

export function useTranslate() {
  const { locale } = useI18n({ useScope: 'global' })
  const isKorean = () => locale.value === 'ko'
  const pick = (table: Readonly<Record<string, string>>, { code, text, values }: Coded) =>
    (isKorean() && table[code] ? fill(table[code], values) : null) ?? text
  return {
    error(error: unknown): ErrorRecord {
      const record = toErrorRecord(error)
      const kind = record.values?.['kind']
      const known = isKorean() ? (koErrors[`${record.code}.${kind}`] ?? koErrors[record.code]) : undefined
      const [message, fix] = [known?.message, known?.fix].map(text => text && fill(text, record.values ?? {}))
      return message && fix ? { code: record.code, message, fix } : record
    },
    problem: (problem: Problem) =>
      pick(koProblems, {
        code: problem.code,
        text: problem.reason,
        values: { ...problem.values, ...(problem.score !== null && { score: problem.score }) },
      }),
    reason: (reason: Coded) => pick(koReasons, reason),
    advice: (advice: Coded) => pick(koAdvice, advice),
    /** Advice on the photos themselves (check.report), before any run. */
    check: (advice: Coded) => pick(koChecks, advice),
    /** What an import took for granted. */
    importNote: (note: Coded) => pick(koImportNotes, note),
    note: (note: { readonly code: string; readonly message: string }) =>
      pick(koNotes, { code: note.code, text: note.message, values: {} }),
  }
}
