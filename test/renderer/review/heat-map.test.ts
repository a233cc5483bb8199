// In Review: where the run looked, by key and choice, for the photo on screen only; and how many photos wait for a
// decision.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ServiceError } from '../../../src/contract/errors.ts'
import type { LabelIssueReport, Photo, Run, LabelIssue } from '../../../src/contract/records.ts'
import { heatMapPlacement } from '../../../src/renderer/components/photo/heat-map-placement.ts'
import { useLabelIssueReportsStore } from '../../../src/renderer/stores/review/label-issue-reports.ts'
import { useHeatMapStore } from '../../../src/renderer/stores/review/heat-map.ts'
import { useLibraryStore } from '../../../src/renderer/stores/library/library.ts'
import { useReviewStore } from '../../../src/renderer/stores/review/review.ts'
import { useRunsStore } from '../../../src/renderer/stores/models/runs.ts'
import { fakeClient } from '../fake-client.ts'
import { inPage, settled } from '../in-page.ts'

interface Question {
  readonly kind: string
  readonly id: number
  readonly runId: number
  readonly photo: unknown
  readonly label: number | null
}
const posted: Question[] = []
let worker: { onmessage: (event: { data: unknown }) => void }
beforeEach(() => {
  posted.length = 0
  localStorage.clear()
  vi.stubGlobal(
    'Worker',
    class {
      constructor() {
        worker = this as never
      }
      postMessage(message: Question) {
        posted.push(message)
      }
    },
  )
})
afterEach(() => vi.unstubAllGlobals())

const run = {
  id: 1,
  state: 'done',
  settings: {},
  classes: [
    { id: 4, name: 'hat' },
    { id: 9, name: 'skirt' },
  ],
} as unknown as Run
const photo = (id: number, classId: number | null = 4): Photo => ({
  id,
  name: `${id}`,
  folder: '',
  classId,
  className: 'hat',
  split: null,
  excluded: false,
  usable: true,
  width: 4,
  height: 3,
  format: 'png',
  sizeBytes: 1,
  problems: [],
  prediction: null,
})
const suspect = (id: number): LabelIssue => ({
  position: id,
  photo: photo(id),
  givenClassId: 4,
  proposedClassId: 9,
  proposedClassName: 'skirt',
  givenProbability: 0.1,
  proposedProbability: 0.9,
  score: 0,
  flagged: true,
  answer: null,
  answeredBy: null,
})
const evidence = (id: number, runId: number | null, open: number): LabelIssueReport => ({
  id,
  at: '',
  method: 'margin-trace',
  runId,
  labelRevision: 1,
  photos: 3,
  flagged: 3,
  open,
})

describe('the part of a heat map that lies over a photo', () => {
  it('is all of it where the net saw the photo squashed', () => {
    expect(heatMapPlacement(64, { width: 400, height: 300 })).toEqual({
      sides: { width: 64, height: 48 },
      part: { width: 64, height: 64, left: 0, top: 0 },
    })
  })

  it('leaves the bars out where there were some', () => {
    expect(heatMapPlacement(64, { width: 333, height: 200 }, 'letterbox')).toEqual({
      sides: { width: 64, height: 38 },
      part: { width: 64, height: 38, left: 0, top: 13 },
    })
    expect(heatMapPlacement(9, { width: 1, height: 200 }, 'letterbox').part).toEqual({
      width: 1,
      height: 9,
      left: 4,
      top: 0,
    })
    expect(heatMapPlacement(32, { width: 40, height: 40 }, 'letterbox').part).toEqual({
      width: 32,
      height: 32,
      left: 0,
      top: 0,
    })
  })
})

describe('where the run looked', () => {
  async function reviewing() {
    const client = fakeClient({
      'suspects.page': () => ({ evidence: evidence(7, 1, 3), total: 3, suspects: [0, 1, 2].map(suspect) }),
      'library.current': () => null,
      'review.answer': () => ({
        id: 1,
        changed: 1,
        text: '',
        kind: 'label-kept',
        values: { class: 'hat', photo: '0' },
      }),
      'review.answers': () => [],
    })
    const stores = inPage(client, () => ({
      heatMap: useHeatMapStore(),
      review: useReviewStore(),
      runs: useRunsStore(),
    }))
    stores.runs.list = [run]
    await stores.review.load({ kind: 'suspects', runId: 1, evidenceId: 7, state: 'open' })
    return stores
  }
  const asked = () => posted.filter(({ kind }) => kind === 'ask').map(({ photo, label }) => ({ photo, label }))
  const say = async (at: number, label: number) => {
    worker.onmessage({
      data: {
        kind: 'answer',
        id: posted.filter(({ kind }) => kind === 'ask')[at]!.id,
        answer: { label, heat: new Float32Array(4), size: 2, probabilities: new Float32Array(2) },
      },
    })
    await settled()
  }

  it('is asked for only when it is wanted: the proposed class, then the label, then no more', async () => {
    const { heatMap } = await reviewing()
    await settled()
    expect(posted).toEqual([])
    heatMap.next()
    await settled()
    expect(asked()).toEqual([{ photo: { photoId: 0 }, label: 1 }])
    expect([heatMap.busy, heatMap.map]).toEqual([true, null])
    await say(0, 1)
    expect([heatMap.busy, heatMap.map?.label]).toEqual([false, 1])
    heatMap.next()
    await settled()
    expect(heatMap.map, 'the other class has not been answered yet').toBeNull()
    await say(1, 0)
    expect([heatMap.shown, heatMap.map?.label, heatMap.className('given')]).toEqual(['given', 0, 'hat'])
    heatMap.next()
    expect([heatMap.shown, heatMap.map]).toEqual([null, null])
  })

  it('follows the photo, and an answer that comes late is dropped', async () => {
    const { heatMap, review } = await reviewing()
    heatMap.toggle('proposed')
    await settled()
    await review.mark('kept')
    await settled()
    expect(asked().map(entry => entry.photo)).toEqual([{ photoId: 0 }, { photoId: 1 }])
    await say(0, 1)
    expect(heatMap.map).toBeNull()
    await say(1, 1)
    expect(heatMap.map?.label).toBe(1)
  })

  it('tells what went wrong', async () => {
    const { heatMap } = await reviewing()
    heatMap.toggle('given')
    await settled()
    worker.onmessage({
      data: {
        kind: 'no-answer',
        id: posted.find(({ kind }) => kind === 'ask')!.id,
        error: { code: 'not-in-run', message: 'It was not part of the run.', fix: '' },
      },
    })
    await settled()
    expect(heatMap.error).toMatchObject({ code: 'not-in-run' })
  })
})

describe('what waits for a decision', () => {
  function store(list: LabelIssueReport[], hasMargins = true) {
    const client = fakeClient({
      'suspects.list': () => list,
      'library.current': () => null,
      'suspects.find': () => {
        if (!hasMargins) throw new ServiceError('no-margins', 'The run kept no margins.', 'Train once more.')
        list.unshift(evidence(9, 1, 3))
        return list[0]
      },
    })
    const stores = inPage(client, () => ({
      found: useLabelIssueReportsStore(),
      runs: useRunsStore(),
      library: useLibraryStore(),
    }))
    stores.runs.list = [run]
    stores.library.summary = { wrong: 40 } as never
    return { ...stores, client }
  }

  it('are the open suspects of the newest run, ranked once it has ended, wherever that was', async () => {
    const { found, runs, client } = store([])
    expect(found.waiting, 'nothing is known yet').toBe(40)
    await settled()
    expect(found.waiting).toBe(3)
    runs.list = [{ ...run }]
    await Promise.all([settled(), found.ensure(1), found.ensure(1)])
    expect(client.calls.filter(({ name }) => name === 'suspects.find')).toHaveLength(1)
  })

  it('stay known of one run while another is looked at', async () => {
    const { found } = store([])
    await found.ensure(1)
    await found.ensure(2)
    expect([...found.known]).toEqual([1, 2])
  })

  it('are those of another tool where the run has none of its own', async () => {
    const { found } = store([evidence(5, null, 11)], false)
    await settled()
    expect(found.waiting).toBe(11)
  })
})
