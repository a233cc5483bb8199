// A worker of cpu-threads.ts: takes part in the runs of a CPU device until it is ended.

import { parentPort, workerData } from 'node:worker_threads'
import type { ThreadSetup } from '../../core/cpu/thread-loop.ts'
import { serveThread } from '../../core/cpu/thread.ts'

serveThread(workerData as ThreadSetup, () => parentPort!.postMessage('ready'))
