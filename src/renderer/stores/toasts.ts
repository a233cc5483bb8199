// Short sentences about what just happened, with one thing to do about it. The newest three are shown and read aloud politely.

import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { useTell } from '../i18n/use-tell.ts'

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
  const toasts = shallowRef<readonly Toast[]>([])
  const tell = useTell()
  let nextId = 1

  function show(toast: Omit<Toast, 'id'>): void {
    const id = nextId++
    // "Undo" takes back the newest decision, so only the newest sentence may offer it.
    const before = toast.action ? toasts.value.filter(other => !other.action) : toasts.value
    toasts.value = [...before.slice(-2), { ...toast, id }]
    setTimeout(() => dismiss(id), toast.bad ? SHOWN_BAD_MS : SHOWN_MS)
  }

  function say(text: string, action: ToastAction | null = null): void {
    show({ text, detail: '', bad: false, action })
  }

  /** Any failure as a sentence and what to do. Ended requests (a view was left) are not failures. */
  function fail(error: unknown): void {
    if (error instanceof Error && error.name === 'AbortError') return
    const told = tell.error(error)
    show({ text: told.message, detail: told.fix, bad: true, action: null })
  }

  function dismiss(id: number): void {
    toasts.value = toasts.value.filter(toast => toast.id !== id)
  }

  return { toasts, say, fail, dismiss }
})
