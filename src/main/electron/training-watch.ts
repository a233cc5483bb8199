// Tells a host when training begins and when the last run at work has ended, from the calls the trainer makes anyway.

import type { Service } from '../../contract/table.ts'

/** The same service, watched: `onChange` hears true when a first run starts and false when the last has ended. */
export function watchTraining(service: Service, onChange: (training: boolean) => void): Service {
  const running = new Set<number>()
  const note = (change: () => void) => {
    const before = running.size > 0
    change()
    if (before !== running.size > 0) onChange(running.size > 0)
  }
  const requests: Service['requests'] = {
    ...service.requests,
    'runs.append': async (params, signal) => {
      const answer = await service.requests['runs.append'](params, signal)
      for (const { type } of params.events) {
        if (type === 'started') note(() => running.add(params.runId))
        if (type === 'ended') note(() => running.delete(params.runId))
      }
      return answer
    },
    'runs.finish': (params, signal) => {
      note(() => running.delete(params.runId))
      return service.requests['runs.finish'](params, signal)
    },
  }
  return { requests, streams: service.streams, bytes: service.bytes, close: () => service.close() }
}
