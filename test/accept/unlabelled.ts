// Photos without a label: how many one has to label by hand until a quick model has 80 % of the test photos right, in the order
// that Review asks in and in a random one; and whether as many proposals are wrong as was told.

import { rmSync } from 'node:fs'
import type { Photo } from '../../src/contract/records.ts'
import type { Client } from '../../src/contract/table.ts'
import { createCpuDevice } from '../../src/core/cpu/cpu-device.ts'
import { computeFeatures } from '../../src/training/features/compute-features.ts'
import { LabelChecker } from '../../src/training/features/label-check.ts'
import { loadBackbone } from '../../src/training/features/quick-model.ts'
import { clothingLibrary, importClothing } from './clothing.ts'
import { asking } from './steps/library.ts'
import { winnow, type Story } from './steps/winnow.ts'

const begin = 300
const step = 50
const goal = 0.8
const seeds = [1, 2, 3]

interface Known {
  readonly train: readonly number[]
  readonly test: ReadonlySet<number>
  readonly truth: ReadonlyMap<number, number>
}

type Order = 'active' | 'random'

export async function unlabelled(story: Story): Promise<void> {
  const library = clothingLibrary(story)
  rmSync(library, { recursive: true, force: true })
  await importClothing(story)
  await winnow(story, 'features', '-L', library, '--device', 'cpu')
  await asking(story, library, async client => {
    const checker = await checkerOf(client)
    try {
      const known = await readTruth(client)
      await judgeEstimates(story, client, checker, known)
      await judgeOrder(story, client, checker, known)
    } finally {
      checker.close()
    }
  })
}

async function checkerOf(client: Client): Promise<LabelChecker> {
  const backbone = await loadBackbone(client, 'built-in')
  const openDevice = () => createCpuDevice()
  const { kind } = await computeFeatures({ client, backbone, size: backbone.size, openDevice })
  return new LabelChecker({ client, kind, openDevice })
}

async function readTruth(client: Client): Promise<Known> {
  const all: Photo[] = []
  for (;;) {
    const { total, photos }: { total: number; photos: Photo[] } = await client.request('photos.page', {
      filter: {},
      sort: 'added',
      offset: all.length,
      limit: 1000,
    })
    all.push(...photos)
    if (all.length >= total) break
  }
  return {
    train: all.filter(({ split }) => split === 'train').map(({ id }) => id),
    test: new Set(all.filter(({ split }) => split === 'test').map(({ id }) => id)),
    truth: new Map(all.map(({ id, classId }) => [id, classId!])),
  }
}

/** 300 labelled at random: of all proposals above a confidence, how many are wrong and how many were said to be. */
async function judgeEstimates({ report }: Story, client: Client, checker: LabelChecker, known: Known): Promise<void> {
  for (const above of [0.5, 0.8, 0.9]) {
    let [photos, wrong, told] = [0, 0, 0]
    for (const seed of seeds) {
      await labelOnly(client, known, shuffled(known.train, seed).slice(0, begin))
      await checker.check()
      const found = (await proposals(client)).filter(({ confidence }) => confidence >= above)
      photos += found.length
      wrong += found.filter(({ id, classId }) => known.truth.get(id) !== classId).length
      told += found.reduce((sum, { confidence }) => sum + 1 - confidence, 0)
    }
    report.add({
      what: `Clothing, 300 labelled: proposals above ${100 * above} %, three draws`,
      must: 'told within a factor of 1.5',
      seconds: 0,
      shown: `${photos} photos, ${wrong} wrong, ${told.toFixed(0)} told`,
      held: told <= 1.5 * wrong && wrong <= 1.5 * told,
    })
  }
}

async function judgeOrder({ report }: Story, client: Client, checker: LabelChecker, known: Known): Promise<void> {
  const needed: Record<Order, number[]> = { active: [], random: [] }
  const began = performance.now()
  for (const seed of seeds)
    for (const order of ['random', 'active'] as const)
      needed[order].push(await labelUntil(client, checker, known, order, seed))
  const mean = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0) / counts.length
  const fewer = 1 - mean(needed.active) / mean(needed.random)
  report.add({
    what: `Clothing, from ${begin} labelled: labels until 80 % of the test photos are right`,
    must: 'at least 25 % fewer in the order of Review than at random',
    seconds: (performance.now() - began) / 1000,
    shown: `${needed.active.join(', ')} against ${needed.random.join(', ')}: ${(100 * fewer).toFixed(0)} % fewer`,
    held: fewer >= 0.25,
  })
}

/** How many labels it takes until 80 % of the test photos are answered right, in the mean of three steps. */
async function labelUntil(
  client: Client,
  checker: LabelChecker,
  { train, test, truth }: Known,
  order: Order,
  seed: number,
): Promise<number> {
  const atRandom = shuffled(train, seed)
  const isTrain = new Set(train)
  const labelled = atRandom.slice(0, begin)
  await labelOnly(client, { truth }, labelled)
  const reached: number[] = []
  for (;;) {
    await checker.check()
    const all = await proposals(client)
    const right = all.filter(({ id, classId }) => test.has(id) && truth.get(id) === classId).length
    reached.push(right / test.size)
    const last = reached.slice(-3)
    if (labelled.length >= train.length || (last.length === 3 && last.reduce((a, b) => a + b) / 3 >= goal))
      return labelled.length - step
    const have = new Set(labelled)
    const candidates = order === 'random' ? atRandom : all.map(({ id }) => id)
    const next = candidates.filter(id => !have.has(id) && isTrain.has(id)).slice(0, step)
    await give(client, truth, next)
    labelled.push(...next)
  }
}

/** Everything that has a proposal, the most useful first. */
async function proposals(client: Client) {
  const found: { id: number; classId: number; confidence: number }[] = []
  for (;;) {
    const page = await client.request('proposals.page', { order: 'useful', offset: found.length, limit: 200 })
    found.push(...page.proposals.map(({ photo, classId, confidence }) => ({ id: photo.id, classId, confidence })))
    if (page.proposals.length === 0 || found.length >= page.total) return found
  }
}

async function labelOnly(client: Client, { truth }: Pick<Known, 'truth'>, ids: readonly number[]): Promise<void> {
  await client.request('photos.label', { selection: { filter: {} }, classId: null })
  await give(client, truth, ids)
}

async function give(client: Client, truth: Known['truth'], ids: readonly number[]): Promise<void> {
  for (const [classId, own] of Map.groupBy(ids, id => truth.get(id)!))
    await client.request('photos.label', { selection: { ids: own }, classId })
}

function shuffled(ids: readonly number[], seed: number): number[] {
  let state = seed >>> 0
  const order = new Map(
    ids.map(id => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return [id, state]
    }),
  )
  return ids.toSorted((a, b) => order.get(a)! - order.get(b)!)
}
