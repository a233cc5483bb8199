// How far the service's work is: jobs by their stream, trainings by the calls of the trainer; the mean of several, each
// whole per cent once, and a word for what ended by itself.

import { describe, expect, it } from 'vitest'
import type { Job } from '../../../src/contract/records.ts'
import type { EndedWork, WorkShare } from '../../../src/main/electron/service-messages.ts'
import { watchWork } from '../../../src/main/electron/work-watch.ts'
import { fakeService } from '../../contract/fake-service.ts'

const job = (
  id: number,
  state: Job['state'],
  done = 0,
  total: number | null = 100,
  kind: Job['kind'] = 'import',
): Job => ({ id, kind, state, done, total, perSecond: null, secondsLeft: null, error: null, result: {} })
const never = new AbortController().signal

function watched() {
  const shares: WorkShare[] = []
  const ended: EndedWork[] = []
  let say: (job: Job) => void = () => {}
  let left = false
  let clock = 0
  const service = watchWork(
    fakeService({
      stream: (_name, _params, emit) => {
        say = emit as typeof say
        return () => {
          left = true
        }
      },
    }),
    { progress: share => shares.push(share), ended: work => ended.push(work) },
    () => clock,
  )
  const append = (runId: number, events: object[]) =>
    service.requests['runs.append']({ runId, events: events as never }, never)
  return {
    service,
    shares,
    ended,
    append,
    say: (next: Job) => say(next),
    pass: (ms: number) => {
      clock += ms
    },
    left: () => left,
  }
}

describe('the work of the service', () => {
  it('is told by whole per cents, and its end once', () => {
    const { say, shares, ended, pass } = watched()
    say(job(1, 'queued', 0, null))
    for (const done of [0, 100, 104, 200]) say(job(1, 'running', done, 10_000))
    pass(30_000)
    say(job(1, 'done', 10_000, 10_000))
    expect(shares).toEqual(['unknown', 0, 0.01, 0.02, null])
    expect(ended).toEqual([{ work: 'import', failed: false, seconds: 30 }])
  })

  it('of several is the mean of what is known', () => {
    const { say, shares } = watched()
    say(job(1, 'running', 50))
    say(job(2, 'running', 0, null))
    say(job(3, 'running', 100))
    expect(shares).toEqual([0.5, 0.75])
  })

  it('of a training follows its steps', async () => {
    const { append, service, shares, ended, pass } = watched()
    await append(7, [{ type: 'started', epochs: 2, stepsPerEpoch: 50 }])
    await append(7, [
      { type: 'step', step: 25 },
      { type: 'step', step: 50 },
    ])
    pass(4000)
    await service.requests['runs.finish']({ runId: 7, state: 'done', summary: null, error: null }, never)
    expect(shares).toEqual(['unknown', 0.25, 0.5, null])
    expect(ended).toEqual([{ work: 'training', failed: false, seconds: 4 }])
  })

  it('has no word for what a person stopped, what waits, and pixels, which are part of a training', () => {
    const { say, shares, ended } = watched()
    say(job(1, 'running'))
    say(job(1, 'cancelled'))
    say(job(2, 'running'))
    say(job(2, 'paused'))
    say(job(3, 'running', 0, 10, 'pixels'))
    say(job(3, 'done', 10, 10, 'pixels'))
    say(job(4, 'done'))
    expect(ended).toEqual([])
    expect(shares.at(-1)).toBeNull()
  })

  it('is left alone once the service closes', async () => {
    const { service, left } = watched()
    await service.close()
    expect(left()).toBe(true)
  })
})
