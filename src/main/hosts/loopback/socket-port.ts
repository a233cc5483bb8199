// A WebSocket as a Port: frames are JSON text. A caller that does not read what it asked for is cut off rather than
// buffered for.

import type { WebSocket } from 'ws'
import type { Port } from '../../../contract/wire.ts'

const maxUnsentBytes = 256 * 2 ** 20

export function socketPort(socket: WebSocket): Port {
  return {
    send(frame) {
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > maxUnsentBytes) return socket.terminate()
      socket.send(JSON.stringify(frame))
    },
    onMessage: listener =>
      void socket.on('message', (data, isBinary) => listener(isBinary ? undefined : parsed(String(data)))),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
