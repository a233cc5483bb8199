// The service's end of the conversation with the main process: connects pages, answers questions for bytes, closes in
// order.

import type { MessagePortMain } from 'electron'
import { serve } from '../../contract/server.ts'
import { answerBytes } from '../../contract/server-bytes.ts'
import type { Service } from '../../contract/table.ts'
import type { Port } from '../../contract/wire.ts'
import type { AppService } from '../app/service.ts'
import type { FromService, ToService } from './service-messages.ts'
import { watchTraining } from './training-watch.ts'
import { watchWork } from './work-watch.ts'

/** Electron's process.parentPort, as far as it is used. */
export interface ParentPort {
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly MessagePortMain[] }) => void,
  ): unknown
  postMessage(message: FromService): void
}

/** Serves until the main process says 'close'; then closes the service and answers 'closed'. */
export function serveParent(parent: ParentPort, plain: Service & Pick<AppService, 'grantFolder'>): void {
  const service = watchTraining(
    watchWork(plain, {
      progress: share => parent.postMessage({ kind: 'progress', share }),
      ended: ended => parent.postMessage({ kind: 'ended', ended }),
    }),
    active => parent.postMessage({ kind: 'training', active }),
  )
  parent.on('message', ({ data, ports }) => void take(data as ToService, ports))

  async function take(message: ToService, ports: readonly MessagePortMain[]): Promise<void> {
    if (message.kind === 'connect' && ports[0]) connectPage(ports[0], service)
    if (message.kind === 'bytes') {
      const { body, ...question } = message.question
      parent.postMessage({
        kind: 'bytes',
        id: message.id,
        answer: await answerBytes(service, { ...question, body: async () => body }),
      })
    }
    if (message.kind === 'grant')
      parent.postMessage({ kind: 'granted', id: message.id, folderId: await plain.grantFolder(message.path) })
    if (message.kind === 'close') {
      await service.close().finally(() => parent.postMessage({ kind: 'closed' }))
    }
  }
}

function connectPage(messages: MessagePortMain, service: Service): void {
  const port: Port = {
    send: frame => messages.postMessage(frame),
    onMessage: listener => void messages.on('message', event => listener(event.data)),
  }
  const connection = serve(port, service)
  messages.on('close', () => connection.close())
  messages.start()
}
