// A worker of the page, to train or to answer: started with the first word to it, connected to the service, and told
// what to compute on, then and whenever another choice is made.

import { watch } from 'vue'
import { useConnection } from '../../api/client-key.ts'
import type { FromWorker, ToWorker } from '../../training/messages.ts'
import { useSettingsStore } from '../shell/settings.ts'

export interface WorkerOptions {
  /** As the browser's own tools call it. */
  readonly name: 'training' | 'predictor' | 'label-check'
  readonly hear: (message: FromWorker) => void
  /** `message` is what the browser says of it, '' where that is nothing. */
  readonly fail: (message: string) => void
}

export interface PageWorker {
  /** Starts it where it does not run. */
  wake(): void
  /** Starts it first where it does not run. */
  tell(message: ToWorker): void
  /** Only where it runs. */
  tellAwake(message: ToWorker): void
  /** Ends it; the next word starts another. */
  letGo(): void
}

export function usePageWorker({ name, hear, fail }: WorkerOptions): PageWorker {
  const connection = useConnection()
  const settings = useSettingsStore()
  let worker: Worker | null = null

  function awake(): Worker {
    if (worker) return worker
    worker = start()
    connection.connectWorker(worker)
    worker.postMessage({ kind: 'compute-on', choice: settings.computeOn } satisfies ToWorker)
    return worker
  }

  function start(): Worker {
    const made = new Worker(new URL('../../training/worker.ts', import.meta.url), { type: 'module', name })
    let heard = false
    made.onmessage = (event: MessageEvent<FromWorker>) => {
      heard = true
      hear(event.data)
    }
    made.onerror = event => {
      // One that never said a word could not be started.
      if (!heard && worker === made) letGo()
      fail(event.message)
    }
    return made
  }

  function tellAwake(message: ToWorker): void {
    worker?.postMessage(message)
  }

  function letGo(): void {
    worker?.terminate()
    worker = null
  }

  watch(
    () => settings.computeOn,
    choice => tellAwake({ kind: 'compute-on', choice }),
  )
  return { wake: () => void awake(), tell: message => awake().postMessage(message), tellAwake, letGo }
}
