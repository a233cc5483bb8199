// While a person scrolls or uses the keys the page draws much: then the training worker leaves one core to it, where it
// has more than two.

import { useEventListener, useTimeoutFn } from '@vueuse/core'
import type { ToWorker } from '../../training/messages.ts'

/** After so long without a word from the person all cores compute again. */
const restMs = 1_500

/** `tell`: only a worker that runs. */
export function useSpareThread(tell: (message: ToWorker) => void): void {
  let spared = false
  const { start } = useTimeoutFn(() => spare(false), restMs, { immediate: false })
  function spare(wanted: boolean): void {
    if (wanted !== spared) tell({ kind: 'spare-thread', spare: wanted })
    spared = wanted
  }
  useEventListener(window, ['wheel', 'keydown', 'touchmove'], () => (spare(true), start()), {
    passive: true,
    capture: true,
  })
}
