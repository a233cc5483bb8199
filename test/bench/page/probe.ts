// What watches the page from inside while it is measured: frames, long tasks, the socket's frames by name, and redraws
// of charts. It is put in before the page's own scripts (Playwright's addInitScript), so it is self-contained text once
// it runs, and it only ever adds listeners.

export interface Probe {
  /** Starts to watch frames and tasks afresh. */
  begin(): void
  /** Frame intervals and tasks over 50 ms since `begin`, in ms. */
  end(): { readonly frames: number[]; readonly tasks: number[] }
  /** When requests of this name were answered, by performance.now(). */
  answered(name: string): number[]
  /** Items of streams with when they came. */
  readonly items: { readonly at: number; readonly value: unknown }[]
  /** When a canvas was cleared for a new drawing. */
  readonly draws: number[]
  /** When a key went down, by performance.now(). */
  readonly keys: number[]
}

export function installProbe(): void {
  let frames: number[] = []
  let tasks: number[] = []
  let watching = false
  let last = 0
  const frame = (at: number) => {
    if (!watching) return
    if (last > 0) frames.push(at - last)
    last = at
    requestAnimationFrame(frame)
  }
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (watching) tasks.push(entry.duration)
  }).observe({ type: 'longtask' })

  const asked = new Map<number, string>()
  const answers = new Map<string, number[]>()
  const probe: Probe = {
    begin() {
      frames = []
      tasks = []
      last = 0
      watching = true
      requestAnimationFrame(frame)
    },
    end() {
      watching = false
      return { frames, tasks }
    },
    answered: name => answers.get(name) ?? [],
    items: [],
    draws: [],
    keys: [],
  }
  const send = WebSocket.prototype.send
  WebSocket.prototype.send = function (this: WebSocket & { watched?: boolean }, data) {
    if (!this.watched) {
      this.watched = true
      this.addEventListener('message', event => hear(String(event.data)))
    }
    const frameSent = parse(String(data)) as { id?: number; name?: string } | null
    if (frameSent?.id !== undefined && frameSent.name) asked.set(frameSent.id, frameSent.name)
    send.call(this, data)
  }
  function hear(text: string): void {
    const heard = parse(text) as { id?: number; kind?: string; value?: unknown } | null
    const name = heard?.id === undefined ? undefined : asked.get(heard.id)
    if (heard?.kind === 'item') probe.items.push({ at: performance.now(), value: heard.value })
    else if (name) answers.set(name, [...(answers.get(name) ?? []), performance.now()])
  }
  function parse(text: string): unknown {
    try {
      return JSON.parse(text)
    } catch {
      return null
    }
  }
  const clear = CanvasRenderingContext2D.prototype.clearRect
  CanvasRenderingContext2D.prototype.clearRect = function (...where) {
    probe.draws.push(performance.now())
    clear.apply(this, where)
  }
  window.addEventListener('keydown', event => probe.keys.push(event.timeStamp), { capture: true })
  Object.assign(globalThis, { probe })
}
