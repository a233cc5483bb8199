// The review queue on a real library: evidence from margins, from folds and from another tool's CSV; what leaves the
// queue and what comes back.

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunSettings } from '../../../src/contract/records.ts'
import { parseCsv } from '../../../src/main/formats/csv-reader.ts'
import { openService, type TestService, writeClasses, writePhoto, writeSquares } from '../runs/open-service.ts'

const settings: RunSettings = {
  preset: 'softmax',
  size: 8,
  channels: 3,
  epochs: 3,
  batch: 4,
  rate: 0.01,
  seed: 5,
  augment: false,
}

interface Doubted extends TestService {
  readonly runId: number
  readonly photoIds: number[]
  readonly labels: number[]
  readonly classes: { id: number; name: string }[]
}

/** A run over three classes of six photos, no two of which are near copies. */
async function openRun(): Promise<Doubted> {
  const test = await openService()
  for (const [c, name] of ['red', 'green', 'blue'].entries()) {
    for (let i = 0; i < 6; i++) await writeSquares(join(test.photos, name, `${name} ${i}.png`), c * 100 + i)
  }
  await test.importPhotos()
  const run = await test.call('runs.create', settings)
  const { photoIds, labels } = await test.call('runs.rows', { runId: run.id })
  return { ...test, runId: run.id, photoIds, labels, classes: run.classes }
}

/** f32 rows that are sure of the label, but of the next class in `wrong` rows. */
function answers(labels: readonly number[], wrong: readonly number[]): Float32Array<ArrayBuffer> {
  const values = new Float32Array(labels.length * 3).fill(0.05)
  labels.forEach((label, row) => {
    values[row * 3 + (wrong.includes(row) ? (label + 1) % 3 : label)] = 0.9
  })
  return values
}

const bytesOf = (values: Float32Array<ArrayBuffer>) => new Uint8Array(values.buffer)

/** Predictions of three folds in which rows 4 and 11 look wrong. */
async function putFolds({ call, service, runId, labels }: Doubted, upTo = 3): Promise<void> {
  const { foldOf } = await call('runs.folds', { runId, folds: 3, seed: 1 })
  for (let fold = 0; fold < upTo; fold++) {
    // A net that has seen a photo agrees with its label; only where it has not does it say what it thinks.
    const values = answers(
      labels,
      [4, 11].filter(row => foldOf[row] === fold),
    )
    await service.bytes.foldPredictions.put!({ runId, fold }, bytesOf(values))
  }
}

const open = { state: 'open', offset: 0, limit: 50 } as const

describe('folds', () => {
  it('are dealt once, keep every class in each, and know which are done, also after a restart', async () => {
    const test = await openRun()
    await putFolds(test, 2)
    const { call, reopen, runId, labels } = test
    const first = await call('runs.folds', { runId, folds: 3, seed: 1 })
    for (let fold = 0; fold < 3; fold++) {
      for (let label = 0; label < 3; label++)
        expect(labels.filter((own, row) => own === label && first.foldOf[row] === fold)).toHaveLength(2)
    }
    expect(first.done).toEqual([0, 1])
    await reopen()
    expect(await call('runs.folds', { runId, folds: 3, seed: 1 })).toEqual(first)
    await expect(call('suspects.find', { runId, method: 'folds' })).rejects.toMatchObject({
      code: 'no-folds',
      message: expect.stringContaining('2 of 3 folds'),
    })
    expect((await call('runs.folds', { runId, folds: 2, seed: 1 })).done).toEqual([])
    await expect(call('runs.folds', { runId, folds: 7, seed: 1 })).rejects.toMatchObject({
      code: 'too-few-for-folds',
      message: expect.stringContaining('has 6 photos, fewer than the 7 folds'),
    })
  })

  it('hold test photos out of every net, and judge them by the mean of all', async () => {
    const test = await openService()
    await writeClasses(test.photos, 6)
    await test.importPhotos()
    const { call, service } = test
    const { photos } = await call('photos.page', { filter: {}, sort: 'name', offset: 0, limit: 18 })
    const tested = ['blue 0.png', 'red 0.png'].map(name => photos.find(photo => photo.name === name)!.id)
    await call('photos.split', { selection: { ids: tested }, split: 'test' })
    const { id: runId } = await call('runs.create', settings)
    const { labels, splits } = await call('runs.rows', { runId })
    const { foldOf } = await call('runs.folds', { runId, folds: 3, seed: 1 })
    expect(foldOf.map(fold => fold < 0)).toEqual(splits.map(split => split === 2))
    const inTest = splits.flatMap((split, row) => (split === 2 ? [row] : []))
    const [first, second] = inTest // further ones are copies that went where their like is
    for (let fold = 0; fold < 3; fold++) {
      // Two of three nets are wrong about the first test photo, one about the second.
      const wrong = [...(fold > 0 ? [first!] : []), ...(fold > 1 ? [second!] : [])]
      await service.bytes.foldPredictions.put!({ runId, fold }, bytesOf(answers(labels, wrong)))
    }
    const judged = { runId, split: 'test', folds: true } as const
    expect(await call('review.report', judged)).toMatchObject({
      photos: inTest.length,
      accuracy: { value: (inTest.length - 1) / inTest.length },
    })
    const losses = [
      Math.log((0.9 + 2 * 0.05) / 3),
      Math.log((2 * 0.9 + 0.05) / 3),
      ...inTest.slice(2).map(() => Math.log(0.9)),
    ]
    expect((await call('review.calibration', judged)).logLoss).toBeCloseTo(
      -losses.reduce((a, b) => a + b) / inTest.length,
      5,
    )
    expect(await call('review.report', { runId, split: 'train', folds: true })).toMatchObject({
      accuracy: { value: 1 },
    })
    await expect(call('review.report', { runId, split: 'test' })).rejects.toMatchObject({ code: 'no-predictions' })
  })

  it('take predictions of every row', async () => {
    const { call, service, runId } = await openRun()
    const put = (fold: number, values: number) =>
      service.bytes.foldPredictions.put!({ runId, fold }, bytesOf(new Float32Array(values).fill(1 / 3)))
    await expect(put(0, 18)).rejects.toMatchObject({ code: 'no-folds' })
    await call('runs.folds', { runId, folds: 3, seed: 1 })
    await expect(put(0, 15)).rejects.toMatchObject({ code: 'bad-predictions' })
    await expect(put(3, 54)).rejects.toMatchObject({
      code: 'no-folds',
      message: expect.stringContaining('there is no fold 3'),
    })
    await put(0, 54)
  })
})

describe('the queue', () => {
  it('has the suspects in order, before a stop point, with label and proposal', async () => {
    const test = await openRun()
    await putFolds(test)
    const { call, runId, photoIds, labels, classes } = test
    const evidence = await call('suspects.find', { runId, method: 'folds' })
    expect(evidence).toMatchObject({ method: 'folds', runId, photos: 18, flagged: 2, open: 2 })
    const page = await call('suspects.page', open)
    expect(page.evidence).toEqual(evidence)
    expect(page.total).toBe(18)
    expect(page.suspects.map(({ flagged }) => flagged)).toEqual([true, true, ...new Array<boolean>(16).fill(false)])
    expect(page.suspects[0]).toMatchObject({
      position: 0,
      givenClassId: classes[labels[4]!]!.id,
      proposedClassId: classes[(labels[4]! + 1) % 3]!.id,
      proposedClassName: classes[(labels[4]! + 1) % 3]!.name,
      givenProbability: expect.closeTo(0.05, 5),
      proposedProbability: expect.closeTo(0.9, 5),
      answer: null,
    })
    expect(page.suspects[0]!.photo).toMatchObject({ id: photoIds[4], className: classes[labels[4]!]!.name })
    expect(page.suspects[1]!.photo.id).toBe(photoIds[11])
    expect(await call('suspects.find', { runId, method: 'folds' })).toMatchObject({ flagged: 2 })
    expect(await call('suspects.list', {})).toHaveLength(1)
  })

  it('lets go of what is kept, relabelled, excluded or unsure, remembers it, and takes it back when that is undone', async () => {
    const test = await openRun()
    await putFolds(test)
    const { call, reopen, runId, photoIds, labels, classes } = test
    const { id: evidenceId } = await call('suspects.find', { runId, method: 'folds' })
    const [first, second] = [photoIds[4]!, photoIds[11]!]
    const openIds = async () =>
      (await call('suspects.page', { ...open, evidenceId })).suspects
        .filter(({ flagged }) => flagged)
        .map(({ photo }) => photo.id)

    const about = { evidenceId }
    expect(await call('review.answer', { photoId: first, answer: 'keep', about })).toMatchObject({
      changed: 1,
      kind: 'label-kept',
      values: { class: classes[labels[4]!]!.name, photo: String(first) },
    })
    await call('review.answer', { photoId: second, answer: 'unsure', about })
    await reopen()
    expect(await openIds()).toEqual([])
    expect(
      (await call('suspects.page', { ...open, state: 'unsure' })).suspects.map(({ photo, answer }) => [
        photo.id,
        answer,
      ]),
    ).toEqual([[second, 'unsure']])
    expect(
      (await call('suspects.page', { ...open, state: 'decided' })).suspects.map(({ photo, answer, answeredBy }) => [
        photo.id,
        answer,
        answeredBy,
      ]),
    ).toEqual([[first, 'keep', 'tester']])

    expect((await call('history.undo', {})).text).toBe(`Undone: Not sure of the label ${classes[labels[11]!]!.name}`)
    expect(await openIds()).toEqual([second])
    await call('history.undo', {})
    expect(await openIds()).toEqual([first, second])
  })

  it('takes an answer and what it did back as one decision, also after a restart, and does both again', async () => {
    const test = await openRun()
    await putFolds(test)
    const { call, reopen, runId, photoIds, labels, classes } = test
    const { id: evidenceId } = await call('suspects.find', { runId, method: 'folds' })
    const about = { evidenceId }
    const [first, second] = [photoIds[4]!, photoIds[11]!]
    const other = classes[(labels[4]! + 1) % 3]!
    const states = async () => {
      const of = async (state: 'open' | 'unsure' | 'decided') =>
        (await call('suspects.page', { ...open, evidenceId, state })).suspects
          .filter(({ photo }) => photo.id === first || photo.id === second)
          .map(
            ({ photo, answer }) =>
              `${photo.id === first ? 'first' : 'second'} ${state} ${answer} ${photo.className} ${photo.excluded}`,
          )
      return [...(await of('open')), ...(await of('unsure')), ...(await of('decided'))]
    }
    const [was, wasSecond] = [classes[labels[4]!]!.name, classes[labels[11]!]!.name]
    const before = [`first open null ${was} false`, `second open null ${wasSecond} false`]
    expect(await states()).toEqual(before)

    await call('review.answer', { photoId: first, answer: 'unsure', about })
    await call('review.answer', { photoId: first, answer: 'relabel', classId: other.id, about })
    await call('review.answer', { photoId: second, answer: 'exclude', about })
    const after = [`first decided relabel ${other.name} false`, `second decided exclude ${wasSecond} true`]
    expect(await states()).toEqual(after)
    await reopen()
    await call('history.undo', {})
    expect(await states()).toEqual([`second open withdrawn ${wasSecond} false`, after[0]])
    await call('history.undo', {})
    expect(await states(), 'what was said before').toEqual([
      `second open withdrawn ${wasSecond} false`,
      `first unsure unsure ${was} false`,
    ])
    await call('history.undo', {})
    expect(await states()).toEqual([`first open withdrawn ${was} false`, `second open withdrawn ${wasSecond} false`])
    for (let i = 0; i < 3; i++) await call('history.redo', {})
    expect(await states()).toEqual(after)
  })

  it('lets no answer be taken back from under a later one', async () => {
    const test = await openRun()
    await putFolds(test)
    const { call, runId, photoIds } = test
    const { id: evidenceId } = await call('suspects.find', { runId, method: 'folds' })
    const about = { evidenceId }
    const kept = await call('review.answer', { photoId: photoIds[4]!, answer: 'keep', about })
    expect(await call('review.answer', { photoId: photoIds[4]!, answer: 'keep', about })).toMatchObject({
      changed: 0,
      id: 0,
    })
    const unsure = await call('review.answer', { photoId: photoIds[4]!, answer: 'unsure', about })
    await expect(call('history.undo', { decisionId: kept.id })).rejects.toMatchObject({ code: 'decided-since' })
    await call('history.undo', { decisionId: unsure.id })
    await call('history.undo', { decisionId: kept.id })
  })

  it('keeps answers about photos of mere lists as well, by their label and the answer of the run', async () => {
    const test = await openRun()
    const { call, runId, photoIds, labels, classes, service } = test
    await service.bytes.predictions.put!({ runId }, bytesOf(answers(labels, [4])))
    const about = { runId }
    const said = async () =>
      (await call('review.answers', { runId, photoIds: photoIds.slice(0, 18) })).map(
        ({ photoId, answer, answeredBy }) => [photoId, answer, answeredBy],
      )
    await call('review.answer', { photoId: photoIds[4]!, answer: 'keep', about })
    await call('review.answer', { photoId: photoIds[5]!, answer: 'unsure', about })
    expect(await said()).toEqual([
      [photoIds[4], 'keep', 'tester'],
      [photoIds[5], 'unsure', 'tester'],
    ])
    await call('history.undo', {})
    expect(await said()).toEqual([[photoIds[4], 'keep', 'tester']])
    await call('photos.label', { selection: { ids: [photoIds[4]!] }, classId: classes[(labels[4]! + 2) % 3]!.id })
    expect(await said(), 'it was said of another label').toEqual([])
    await expect(call('review.answer', { photoId: 999, answer: 'keep', about })).rejects.toMatchObject({
      code: 'not-doubted',
    })
  })

  it('does not ask again about the same label and proposal, but does when the evidence proposes another class', async () => {
    const test = await openRun()
    await putFolds(test)
    const { call, service, runId, photoIds, labels } = test
    const { id } = await call('suspects.find', { runId, method: 'folds' })
    await call('review.answer', { photoId: photoIds[4]!, answer: 'keep', about: { evidenceId: id } })
    const again = await call('suspects.find', { runId, method: 'folds' })
    expect(again).toMatchObject({ flagged: 2, open: 1 })

    const other = answers(labels, [])
    other.set([0.05, 0.05, 0.05], 12)
    other[12 + ((labels[4]! + 2) % 3)] = 0.9
    const { foldOf } = await call('runs.folds', { runId, folds: 3, seed: 1 })
    await service.bytes.foldPredictions.put!({ runId, fold: foldOf[4]! }, bytesOf(other))
    const changed = await call('suspects.find', { runId, method: 'folds' })
    expect(
      (await call('suspects.page', { ...open, evidenceId: changed.id })).suspects
        .filter(({ flagged }) => flagged)
        .map(({ photo }) => photo.id),
    ).toContain(photoIds[4])
  })

  it('follows classes that are merged, and asks about none that is gone', async () => {
    const test = await openRun()
    await putFolds(test)
    const { call, runId, photoIds, labels, classes } = test
    const { id: evidenceId } = await call('suspects.find', { runId, method: 'folds' })
    const openIds = async () =>
      (await call('suspects.page', { ...open, evidenceId })).suspects
        .filter(({ flagged }) => flagged)
        .map(({ photo, proposedClassId }) => [photo.id, proposedClassId])
    const proposed = (row: number) => classes[(labels[row]! + 1) % 3]!.id
    expect(await openIds()).toEqual([
      [photoIds[4], proposed(4)],
      [photoIds[11], proposed(11)],
    ])
    // Row 4's proposal becomes the class that row 11 has, which is also what is proposed for nobody now.
    const third = classes[(labels[4]! + 2) % 3]!.id
    await call('classes.merge', { classId: proposed(4), intoId: third })
    expect((await openIds())[0]).toEqual([photoIds[4], third])
    const { id: owl } = await call('classes.create', { name: 'owl' })
    await call('classes.merge', { classId: third, intoId: owl })
    expect((await openIds())[0]).toEqual([photoIds[4], owl])
    for (let i = 0; i < 3; i++) await call('history.undo', {})
    await call('classes.merge', { classId: proposed(4), intoId: classes[labels[4]!]!.id })
    expect((await openIds()).map(([id]) => id)).not.toContain(photoIds[4])
    await call('history.undo', {})
    expect(await openIds()).toEqual([
      [photoIds[4], proposed(4)],
      [photoIds[11], proposed(11)],
    ])
  })

  it('is made of margins too, of the rows that were trained on', async () => {
    const { call, service, runId, photoIds, labels } = await openRun()
    await expect(call('suspects.find', { runId, method: 'margin-trace' })).rejects.toMatchObject({ code: 'no-margins' })
    const margins = Float32Array.from(labels, (_, row) =>
      row === 7 ? -2 : row === 3 ? -0.5 : row > 14 ? NaN : 1 + row,
    )
    await service.bytes.margins.put!({ runId }, bytesOf(margins))
    await service.bytes.predictions.put!({ runId }, bytesOf(answers(labels, [])))
    expect(await call('suspects.find', { runId, method: 'margin-trace' })).toMatchObject({
      method: 'margin-trace',
      photos: 15,
      flagged: 2,
    })
    const { suspects } = await call('suspects.page', open)
    expect(suspects.slice(0, 3).map(({ photo, score }) => [photo.id, score])).toEqual([
      [photoIds[7], -2],
      [photoIds[3], -0.5],
      [photoIds[0], 1],
    ])
    expect(suspects.every(({ givenClassId, proposedClassId }) => givenClassId !== proposedClassId)).toBe(true)
  })

  it('goes with its run, and says so', async () => {
    const test = await openRun()
    await putFolds(test)
    const { call, runId } = test
    expect(await call('suspects.page', open)).toEqual({ evidence: null, total: 0, suspects: [] })
    const { id: evidenceId } = await call('suspects.find', { runId, method: 'folds' })
    await expect(call('review.answer', { photoId: 999, answer: 'keep', about: { evidenceId } })).rejects.toMatchObject({
      code: 'no-suspect',
    })
    expect((await call('suspects.page', open)).total).toBe(18)
    await call('runs.delete', { runId })
    await expect(call('suspects.page', { ...open, evidenceId })).rejects.toMatchObject({ code: 'no-evidence' })
  })
})

describe("another tool's predictions", () => {
  async function library() {
    const test = await openService()
    await writeClasses(test.photos, 6)
    await test.importPhotos()
    return test
  }
  /** All photos by name; "red 0" looks blue and "green 3" red. */
  function csvOf(path: (name: string) => string, header = 'path,blue,green,red'): string {
    const lines = ['red', 'green', 'blue'].flatMap(name =>
      Array.from({ length: 6 }, (_, i) => {
        const says = name === 'red' && i === 0 ? 'blue' : name === 'green' && i === 3 ? 'red' : name
        return [path(`${name} ${i}.png`), ...['blue', 'green', 'red'].map(own => (own === says ? 0.9 : 0.05))].join(',')
      }),
    )
    return [header, ...lines, ''].join('\r\n')
  }
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const folderOf = (name: string) => name.slice(0, name.indexOf(' '))

  it.each<[string, (photos: string) => (name: string) => string]>([
    ['absolute paths', photos => name => `"${join(photos, folderOf(name), name)}"`],
    ['paths in the folder', () => name => `${folderOf(name)}/${name}`],
    ['file names', () => name => name],
    ['paths with backslashes', () => name => `.\\${folderOf(name)}\\${name}`],
    ['absolute paths of another machine', () => name => `C:\\data\\set\\${folderOf(name)}\\${name}`],
    ['names in capitals', () => name => `${folderOf(name)}/${name}`.toUpperCase()],
    ['names without an ending', () => name => name.replace('.png', '')],
  ])('are matched by %s and fill the queue', async (_name, path) => {
    const { call, photos } = await library()
    const { evidence, unmatched } = await call('suspects.import', {
      csv: base64(`${csvOf(path(photos))}gone.png,1,0,0\n`),
    })
    expect(unmatched).toEqual(['gone.png'])
    expect(evidence).toMatchObject({ method: 'import', runId: null, photos: 18, flagged: 2, open: 2 })
    const { suspects } = await call('suspects.page', open)
    expect(suspects.slice(0, 2).map(({ photo, proposedClassName }) => [photo.name, proposedClassName])).toEqual([
      ['red 0.png', 'blue'],
      ['green 3.png', 'red'],
    ])
  })

  it.each([
    ['a column of no class', (csv: string) => csv.replace('green,red', 'grün,red'), 'bad-csv', /"grün" is no class/],
    [
      'no column for a class',
      (csv: string) => csv.replaceAll(/,[^,\r]*\r/g, '\r'),
      'bad-csv',
      /no column for the class "red"/,
    ],
    ['a word for a number', (csv: string) => csv.replace('0.9', 'high'), 'bad-csv', /line 2 holds "high"/],
    [
      'rows that do not sum to 1',
      (csv: string) => csv.replace('0.9', '0.2'),
      'bad-probabilities',
      /row 0 sums to 0\.3/,
    ],
    ['photos of another library', (csv: string) => csv.replaceAll('.png', '.jpg'), 'bad-csv', /none of its 18 paths/],
    ['a quote never closed', (csv: string) => csv.replace('red 0', '"red 0'), 'bad-csv', /Line 2/],
  ])('are refused with %s', async (_name, spoil, code, message) => {
    const { call } = await library()
    await expect(call('suspects.import', { csv: base64(spoil(csvOf(name => name))) })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
    expect(await call('suspects.list', {})).toEqual([])
  })

  it('may have semicolons between the columns, as spreadsheets of many countries write them', async () => {
    const { call, photos } = await library()
    const csv = csvOf(name => `"${join(photos, folderOf(name), name)}"`).replaceAll(',', ';')
    const { evidence, unmatched } = await call('suspects.import', { csv: base64(`\uFEFF${csv}`) })
    expect(unmatched).toEqual([])
    expect(evidence).toMatchObject({ photos: 18, flagged: 2, open: 2 })
  })

  it('are matched however the letters of Hangul are put together', async () => {
    const test = await openService()
    for (const [k, folder] of ['red', 'green', 'blue'].entries())
      await writePhoto(join(test.photos, folder, '사진.png'.normalize('NFD')), [k * 90, 50, 50], k)
    await test.importPhotos()
    const lines = ['red', 'green', 'blue'].map(
      folder => `${folder === 'blue' ? join(test.photos, folder) : folder}/사진.png,0.2,0.3,0.5`,
    )
    expect(
      (await test.call('suspects.import', { csv: base64(['path,blue,green,red', ...lines].join('\n')) })).unmatched,
    ).toEqual([])
  })

  it('count once for a photo that is named twice', async () => {
    const { call, photos } = await library()
    const { evidence } = await call('suspects.import', {
      csv: base64(`${csvOf(name => name)}${join(photos, 'red', 'red 0.png')},0.9,0.05,0.05\n`),
    })
    expect(evidence).toMatchObject({ photos: 18, flagged: 2, open: 2 })
    const { suspects } = await call('suspects.page', open)
    expect(new Set(suspects.map(({ photo }) => photo.id)).size).toBe(suspects.length)
  })

  it('come as any CSV', () => {
    const cells = parseCsv('\uFEFFa,"b ""x"", y"\r\n\r\n1,\n"multi\nline",2').map(row => row.cells)
    expect(cells).toEqual([
      ['a', 'b "x", y'],
      ['1', ''],
      ['multi\nline', '2'],
    ])
    expect(parseCsv('')).toEqual([])
    for (const text of ['a\nb,"c""', 'a\nb,c"d', 'a\nb,"c"d', 'a\n"b""c""d'])
      expect(() => parseCsv(text), text).toThrow(/Line 2/)
    expect(() => parseCsv('a\nb,"c')).toThrow(/Line 2/)
  })
})
