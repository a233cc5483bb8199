// A worker of cpu-threads.ts: its first message says what it is part of; from then on it takes part in the runs of a CPU
// device until it is ended.

import { serveThread, type ThreadSetup } from '../../core/index.ts'

self.onmessage = (event: MessageEvent<ThreadSetup>) => serveThread(event.data, () => self.postMessage('ready'))
