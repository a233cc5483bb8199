// What a connection is made of on this side: frames in and out, and word of the end. A WebSocket in a browser tab and a
// MessagePort in the desktop shell both become a Wire; the page and the training worker open them in the same way.

import type { Port } from '../../contract/wire.ts'

export interface Wire {
  readonly port: Port
  /** Called once when the other side is gone. */
  onClose(listener: (refused: boolean) => void): void
  close(): void
}

/** Messages a WebSocket's close can carry: 1008 is "policy", which the loopback server answers to a bad token. */
const POLICY_VIOLATION = 1008

/** Resolves when the socket is open; rejects where it cannot be opened. */
export function openSocket(url: string): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    let opened = false
    let ended: ((refused: boolean) => void) | null = null
    socket.onopen = () => {
      opened = true
      resolve(wireOfSocket(socket, listener => (ended = listener)))
    }
    socket.onclose = event => {
      if (opened) ended?.(event.code === POLICY_VIOLATION)
      else reject(new Error(`The socket closed with code ${event.code}.`))
    }
  })
}

function wireOfSocket(socket: WebSocket, onClose: Wire['onClose']): Wire {
  return {
    port: {
      send: frame => {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
      },
      onMessage: listener => {
        socket.onmessage = event => {
          const frame = parse(event.data)
          if (frame !== undefined) listener(frame)
        }
      },
    },
    onClose,
    close: () => socket.close(),
  }
}

function parse(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    return undefined
  }
}

/** A MessagePort whose other end may close (Chromium tells with a 'close' event). */
export function wireOfMessagePort(port: MessagePort): Wire {
  return {
    port: {
      send: frame => port.postMessage(frame),
      onMessage: listener => {
        port.onmessage = event => listener(event.data)
      },
    },
    onClose: listener => port.addEventListener('close', () => listener(false), { once: true }),
    close: () => port.close(),
  }
}
