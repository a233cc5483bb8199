// Arrows between files point one way: no file imports itself over others, types counted too; and the rooms of core stand
// in an order.

import { describe, expect, it } from 'vitest'
import { importsOf, sourcesIn } from './sources.ts'

type Graph = ReadonlyMap<string, readonly string[]>

/** Strongly connected components of more than one node, and nodes that point at themselves (Tarjan 1972). */
function cyclesOf(graph: Graph): string[][] {
  const [order, low, stack, found] = [
    new Map<string, number>(),
    new Map<string, number>(),
    [] as string[],
    [] as string[][],
  ]
  const visit = (node: string): void => {
    order.set(node, order.size)
    low.set(node, order.get(node)!)
    stack.push(node)
    for (const next of graph.get(node)!) {
      if (!order.has(next)) visit(next)
      if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!))
    }
    if (low.get(node) !== order.get(node)) return
    const component = stack.splice(stack.indexOf(node))
    if (component.length > 1 || graph.get(node)!.includes(node)) found.push(component.toSorted())
  }
  for (const node of graph.keys()) if (!order.has(node)) visit(node)
  return found
}

const files = sourcesIn('src', ['.ts', '.vue'])
const paths = new Set(files.map(({ path }) => path))
const imports: Graph = new Map(
  files.map(file => [
    file.path,
    importsOf(file)
      .map(({ target }) => target)
      .filter(target => paths.has(target)),
  ]),
)

describe('imports', () => {
  it('go in no circle', () => expect(cyclesOf(imports)).toEqual([]))

  it('would be found in one', () => {
    const graph = new Map([
      ['a', ['b', 'd']],
      ['b', ['c']],
      ['c', ['a']],
      ['d', ['d']],
      ['e', ['a']],
    ])
    expect(cyclesOf(graph)).toEqual([['d'], ['a', 'b', 'c']])
  })
})

/** What a room of core may import beside itself. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  'error.ts': [],
  'json.ts': ['error.ts'],
  'options.ts': ['error.ts'],
  kernels: [],
  'device.ts': ['kernels'],
  gemm: ['kernels'],
  gpu: ['error.ts', 'kernels', 'device.ts', 'gemm'],
  cpu: ['error.ts', 'kernels', 'device.ts', 'gemm'],
  tensor: ['error.ts', 'kernels', 'device.ts', 'gemm'],
  ops: ['error.ts', 'options.ts', 'kernels', 'gemm', 'tensor'],
  nn: ['error.ts', 'options.ts', 'json.ts', 'kernels', 'tensor', 'ops'],
  optim: ['error.ts', 'options.ts', 'kernels', 'device.ts', 'tensor', 'ops'],
  data: ['error.ts', 'options.ts', 'device.ts', 'tensor'],
  train: ['error.ts', 'options.ts', 'kernels', 'device.ts', 'tensor', 'ops', 'nn', 'optim', 'data'],
  linear: ['error.ts', 'kernels', 'device.ts', 'gemm', 'tensor', 'train'],
  io: ['error.ts', 'options.ts', 'json.ts', 'nn', 'train'],
}

describe('the rooms of core', () => {
  const roomOf = (path: string) => path.split('/')[2]!
  const core = files.filter(({ path }) => /^src\/core\/(?!index\.ts$|globals\.d\.ts$)/.test(path))

  it('are all in the table, each after those that it imports: devices know kernels, kernels no device', () => {
    expect([...new Set(core.map(({ path }) => roomOf(path)))].toSorted()).toEqual(Object.keys(rooms).toSorted())
    const names = Object.keys(rooms)
    for (const [room, below] of Object.entries(rooms))
      for (const other of below)
        expect(names.indexOf(other), `${room} imports ${other}`).toBeLessThan(names.indexOf(room))
  })

  it('import only what the table says', () => {
    const found = core.flatMap(({ path }) =>
      imports
        .get(path)!
        .filter(target => roomOf(target) !== roomOf(path) && !rooms[roomOf(path)]!.includes(roomOf(target)))
        .map(target => `${path} imports ${target}, but ${roomOf(path)} may import ${rooms[roomOf(path)]!.join(', ')}.`),
    )
    expect(found).toEqual([])
  })
})
