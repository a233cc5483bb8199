// Short sentences about what just happened, with one thing to do about it: the newest in the bar of keys, where it
// covers nothing, and failures over the page until they are read.

import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { useTranslate } from '../../i18n/use-translate.ts'

export interface ToastAction {
  readonly label: string
  readonly run: () => void
}

export interface Toast {
  readonly id: number
  readonly text: string
  readonly detail: string
  readonly bad: boolean
  readonly action: ToastAction | null
}

const SHOWN_MS = 8_000
const SHOWN_BAD_MS = 20_000

export const useToastsStore = defineStore('toasts', () => {
  const said = shallowRef<readonly Toast[]>([])
  const failures = shallowRef<readonly Toast[]>([])
  const translate = useTranslate()
  let nextId = 1

  /** Where the bar of keys is while a dialog needs it; null for its own place at the foot of the page. */
  const barPlace = shallowRef<HTMLElement | null>(null)

  function say(text: string, action: ToastAction | null = null): void {
    const toast = { id: nextId++, text, detail: '', bad: false, action }
    // "Undo" takes back the newest decision, so only the newest sentence may offer it.
    said.value = [...(action ? said.value.filter(other => !other.action) : said.value).slice(-2), toast]
    setTimeout(() => dismiss(toast.id), SHOWN_MS)
  }

  /** Any failure as a sentence and what to do. Ended requests (a view was left) are not failures. */
  function fail(error: unknown): void {
    if (error instanceof Error && error.name === 'AbortError') return
    const told = translate.error(error)
    const toast = { id: nextId++, text: told.message, detail: told.fix, bad: true, action: null }
    failures.value = [...failures.value.slice(-2), toast]
    setTimeout(() => dismiss(toast.id), SHOWN_BAD_MS)
  }

  function dismiss(id: number): void {
    said.value = said.value.filter(toast => toast.id !== id)
    failures.value = failures.value.filter(toast => toast.id !== id)
  }

  return { said, failures, barPlace, say, fail, dismiss }
})
