// The loop in the terminal: how good a run is, a label put right, training on from its weights, what that has changed;
// another tool's predictions; and what more photos would bring.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Terminal } from './terminal.ts'

const terminal = new Terminal()
const path = (name: string) => join(terminal.folder, name)
beforeAll(async () => {
  await terminal.run('import', terminal.photos('photos', { pebbles: 24, tiles: 24 }), '-L', 'set')
  await terminal.run(
    'train',
    '-L',
    'set',
    '--preset',
    'simple-conv',
    '--size',
    '16',
    '--epochs',
    '3',
    '--batch',
    '4',
    '--device',
    'cpu',
  )
})
afterAll(() => terminal.remove())

describe('evaluate', () => {
  it('says accuracy with its interval, each class, confusion, confidence and thresholds', async () => {
    const { code, out } = await terminal.run('evaluate', '-L', 'set')
    expect(code).toBe(0)
    expect(out).toMatch(/Run 1, \d+ validation photos:\naccuracy \d+\.\d % \(\d+\.\d to \d+\.\d %\)/)
    expect(out).toMatch(/class +photos +precision \(95 %\) +recall \(95 %\) +F1\npebbles/)
    expect(out).toMatch(/Labels \(rows\) and answers \(columns\), photos:/)
    expect(out).toMatch(/with a temperature of \d+\.\d\d, fitted on validation photos/)
    expect(out).toMatch(/unknown below +answered +of these right\n0\.00 +100\.0 %/)
    expect((await terminal.run('evaluate', '-L', 'set', '--matrix', 'rows')).out).toMatch(
      /share of the label:\n.*\npebbles +\d+ % +\d+ %/,
    )
  })

  it('tells programs the same, and writes the page and the list', async () => {
    const { code, events } = await terminal.run(
      'evaluate',
      '-L',
      'set',
      '--split',
      'train',
      '--html',
      'report.html',
      '--csv',
      'report.csv',
      '--language',
      'ko',
      '--json',
    )
    expect(code).toBe(0)
    expect(events[0]).toMatchObject({
      type: 'evaluation',
      report: { split: 'train', macroF1: expect.any(Number) },
      calibration: { thresholds: expect.any(Array) },
      confusion: { counts: expect.any(Array) },
    })
    const page = readFileSync(path('report.html'), 'utf8')
    expect(page).toContain('<html lang="ko">')
    expect(page).not.toMatch(/<script|https?:|src=/)
    expect(readFileSync(path('report.csv'), 'utf8').split('\r\n')[0]).toBe(
      '\uFEFFpath,label,answer,verdict,confidence,label probability',
    )
  })

  it('again without doubted labels, and by nets that have not seen the photos, once there are such', async () => {
    expect(await terminal.run('evaluate', '-L', 'set', '--folds')).toMatchObject({
      code: 1,
      err: expect.stringContaining('Start the cross-validation'),
    })
    expect(await terminal.run('evaluate', '-L', 'set', '--without-suspects')).toMatchObject({
      code: 1,
      err: expect.stringContaining('have not been checked yet'),
    })
    expect(await terminal.run('suspects', '-L', 'set', '--folds', '3', '--device', 'cpu')).toMatchObject({ code: 0 })
    const { out } = await terminal.run('evaluate', '-L', 'set', '--split', 'train', '--folds', '--without-suspects')
    const { events } = await terminal.run('export', '-L', 'set', '--folds', '-o', 'ensemble.onnx', '--json')
    expect(events.find(({ type }) => type === 'export')).toMatchObject({ nets: 3, parity: { flipped: 0 } })
    expect(out).toMatch(/Run 1, \d+ train photos, by nets that have not seen them:/)
    expect(out).toMatch(/Without the photos whose labels are doubted, \d+ train photos:/)
  })
})

describe('correcting and training on', () => {
  it('shows before and after on the photos that both runs hold out', async () => {
    await terminal.run('label', 'pebbles-3.png', 'tiles', '-L', 'set')
    expect(
      await terminal.run(
        'train',
        '-L',
        'set',
        '--from',
        'latest',
        '--preset',
        'simple-conv',
        '--size',
        '16',
        '--epochs',
        '1',
        '--batch',
        '4',
        '--device',
        'cpu',
      ),
    ).toMatchObject({ code: 0, err: expect.not.stringContaining('driver') })
    await terminal.run('undo', '-L', 'set')
    const { code, out } = await terminal.run('review', '-L', 'set', '--compare', '1')
    expect(code).toBe(0)
    expect(out).toMatch(
      /\d+ photos of the validation split that both runs hold.*:\nrun 1: \d+\.\d %.* run 2: \d+\.\d %/,
    )
    expect(out).toMatch(/\d+ answers became right, \d+ became wrong/)
    const { events } = await terminal.run('review', '-L', 'set', '--compare', '1', '--split', 'train', '--json')
    expect(events[0]).toMatchObject({ comparison: { before: 1, after: 2, split: 'train' } })
    expect(await terminal.run('review', '-L', 'set', '--compare', '9')).toMatchObject({ code: 1 })
    expect(await terminal.run('review', '-L', 'set', '--compare', '2')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('compared with itself'),
    })
  })
})

describe('review', () => {
  it('lists one cell of the confusion matrix', async () => {
    const { events } = await terminal.run(
      'review',
      '-L',
      'set',
      '--run',
      '1',
      '--label',
      'pebbles',
      '--answer',
      'tiles',
      '--json',
    )
    const evaluated = await terminal.run('evaluate', '-L', 'set', '--run', '1', '--split', 'train', '--json')
    const { counts } = evaluated.events[0]!['confusion'] as { counts: number[][] }
    const validation = (await terminal.run('evaluate', '-L', 'set', '--run', '1', '--json')).events[0]![
      'confusion'
    ] as { counts: number[][] }
    expect(events[0]).toMatchObject({ type: 'summary', total: counts[0]![1]! + validation.counts[0]![1]! })
    for (const { photo } of events.filter(({ type }) => type === 'photo'))
      expect(photo).toMatchObject({ className: 'pebbles', prediction: { className: 'tiles' } })
    expect(await terminal.run('review', '-L', 'set', '--label', 'stones')).toMatchObject({
      code: 1,
      err: expect.stringContaining('pebbles, tiles'),
    })
  })
})

describe('predictions of another tool', () => {
  const line = (kind: string, i: number, tiles: number) =>
    `${kind}/${kind}-${i}.png,${(1 - tiles).toFixed(2)},${tiles.toFixed(2)}`

  it('fill the queue from a CSV, and say which paths are strangers', async () => {
    const lines = Array.from({ length: 24 }, (_, i) => [
      line('pebbles', i, i === 5 ? 0.97 : 0.1),
      line('tiles', i, 0.9),
    ]).flat()
    writeFileSync(path('other.csv'), ['path,pebbles,tiles', ...lines, 'elsewhere.png,0.5,0.5'].join('\n'))
    const { code, out, err } = await terminal.run('review', '-L', 'set', '--import', 'other.csv', '--top', '3')
    expect(code).toBe(0)
    expect(err).toContain('elsewhere.png')
    expect(out).toMatch(/Before the stop point: 1 photo of 48\. The most suspicious that are not decided yet \(\d+\):/)
    expect(out.split('\n')[2]).toMatch(/pebbles +tiles +97\.0 % +.*pebbles-5\.png/)
  })

  it('are refused with a sentence where they cannot be used', async () => {
    writeFileSync(path('nan.csv'), 'path,pebbles,tiles\npebbles/pebbles-0.png,nan,0.5\n')
    expect(await terminal.run('review', '-L', 'set', '--import', 'nan.csv')).toMatchObject({
      code: 1,
      err: expect.stringContaining('line 2 holds "nan" where a probability should be'),
    })
    expect(await terminal.run('review', '-L', 'set', '--import', 'gone.csv')).toMatchObject({
      code: 1,
      err: expect.stringContaining('gone.csv could not be read (ENOENT)'),
    })
  })
})

describe('curve', () => {
  it('trains with a quarter and a half of the photos, and leaves the run with all of them the latest', async () => {
    const { code, out } = await terminal.run('curve', '-L', 'set', '--run', '1', '--device', 'cpu')
    expect(code).toBe(0)
    const learnt = [...out.matchAll(/^\d+ +(\d+) photos/gm)].map(([, photos]) => Number(photos))
    expect(learnt).toHaveLength(3)
    expect(learnt[0]! / learnt[2]!).toBeCloseTo(0.25, 1)
    expect(learnt[1]! / learnt[2]!).toBeCloseTo(0.5, 1)
    expect(out).toMatch(/Twice as many \(\d+\): /)
    expect((await terminal.run('review', '-L', 'set')).out).toContain('of run 2 answered')
  })
})
