// The whole job through the terminal on a handful of photos and the CPU: every command once, and what it prints.

import { existsSync, readdirSync, readFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Terminal } from './terminal.ts'

const terminal = new Terminal()
beforeAll(async () => {
  const photos = terminal.photos('photos', { pebbles: 8, tiles: 8 })
  writeFileSync(
    join(terminal.folder, photos, 'tiles', 'cut.png'),
    readFileSync(join(terminal.folder, photos, 'tiles', 'tiles-0.png')).subarray(0, 300),
  )
  writeFileSync(join(terminal.folder, photos, 'tiles', 'note.jpg'), 'not a photo')
  await terminal.run('import', photos, '-L', 'set')
})
afterAll(() => terminal.remove())

/** The numbers of photos by their files. */
async function photoNumber(name: string): Promise<string> {
  const { out } = await terminal.run('exclude', name, '-L', 'set', '--json')
  await terminal.run('undo', '-L', 'set')
  return String((JSON.parse(out.split('\n')[0]!) as { photoId: number }).photoId)
}

describe('import', () => {
  it('made the library beside the person, and says what came in', async () => {
    expect(existsSync(join(terminal.folder, 'set.winnow', 'library.db'))).toBe(true)
    expect((await terminal.run('import', 'photos', '-L', 'set')).err).toContain(
      '18 photos (18 in the library already), 2 classes.',
    )
    const { code, events } = await terminal.run('import', 'photos', '-L', 'set', '--json')
    expect(code).toBe(0)
    expect(events.find(({ type }) => type === 'library')).toMatchObject({ summary: { photos: 18, broken: 2 } })
    expect(events.at(-1)).toMatchObject({ type: 'done', seconds: expect.any(Number) })
  })
})

describe('check', () => {
  it('lists problems by kind with reasons', async () => {
    const { code, out } = await terminal.run('check', '-L', 'set.winnow')
    expect(code).toBe(0)
    expect(out).toMatch(/truncated: 1 photo\n.*cut\.png: .+/)
    expect(out).toMatch(/not-an-image: 1 photo\n.*note\.jpg: .+/)
  })

  it('prints one line a photo with every problem and score for programs, by limits that are kept', async () => {
    const { code, events } = await terminal.run(
      'check',
      '-L',
      'set',
      '--json',
      '--limit',
      'dark=1',
      '--limit',
      'light=0',
    )
    expect(code).toBe(0)
    const photos = events.filter(({ type }) => type === 'photo')
    expect(photos).toHaveLength(18)
    expect(photos.find(({ path }) => String(path).endsWith('tiles/cut.png'))).toMatchObject({
      problems: ['truncated'],
      reasons: { truncated: expect.stringContaining('cut.png') },
      scores: null,
    })
    expect(photos.find(({ path }) => String(path).endsWith('tiles/tiles-1.png'))).toMatchObject({
      photoId: expect.any(Number),
      problems: expect.arrayContaining(['dark']),
      scores: { dark: expect.any(Number), blurry: expect.any(Number), oddSize: expect.any(Number), grey: false },
    })
    expect((await terminal.run('check', '-L', 'set')).out).toContain('\ndark: 16 photos, so many')
    expect((await terminal.run('check', '-L', 'set', '--usual-limits')).out).not.toContain('\ndark: ')
    expect(await terminal.run('check', '-L', 'set', '--limit', 'dim=1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('dark=0.2'),
    })
  })
})

describe('the set as a whole', () => {
  it('is told with the check: classes, sizes, formats, copies that mislead, advice', async () => {
    terminal.photos('leaky/train', { pebbles: 4, tiles: 4 })
    const from = (name: string) => readFileSync(join(terminal.folder, 'leaky/train', name))
    mkdirSync(join(terminal.folder, 'leaky/test/tiles'), { recursive: true })
    writeFileSync(join(terminal.folder, 'leaky/test/tiles/again.png'), from('tiles/tiles-0.png'))
    writeFileSync(join(terminal.folder, 'leaky/train/tiles/stone.png'), from('pebbles/pebbles-1.png'))
    await terminal.run('import', 'leaky', '-L', 'leaky')
    const { out } = await terminal.run('check', '-L', 'leaky')
    expect(out).toMatch(
      /The set\n {2}pebbles +4 photos\n {2}tiles +6 photos\n {2}sizes: 24 x 24 to 24 x 24, the middle one 24 x 24\n {2}formats: png 10\n {2}2 copies in 2 groups: 1 with different labels, 1 across splits/,
    )
    expect(out).toMatch(/labels differ: .*pebbles-1\.png \(pebbles, train\)/)
    expect(out).toMatch(/across splits: .*again\.png \(tiles, test\)/)
    expect(out).toMatch(/! .*1 copy lies in another split/)
    const { events } = await terminal.run('check', '-L', 'leaky', '--json')
    expect(events.filter(({ type }) => type === 'group')).toHaveLength(2)
    expect(events.find(({ type }) => type === 'copies')).toMatchObject({
      groups: 2,
      copies: 2,
      conflicting: 1,
      leaking: 1,
    })
    expect(events.find(({ type }) => type === 'report')).toMatchObject({ formats: [{ format: 'png', photos: 10 }] })
  })
})

describe('verify', () => {
  it('lists what is missing', async () => {
    const file = join(terminal.folder, 'photos', 'tiles', 'tiles-3.png')
    renameSync(file, `${file}.away`)
    expect(await terminal.run('verify', '-L', 'set')).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /The database is whole\. 1 photo missing, 0 changed.*\n {2}missing: tiles\/tiles-3\.png/,
      ),
    })
    renameSync(`${file}.away`, file)
    expect(
      (await terminal.run('verify', '-L', 'set', '--json')).events.find(({ type }) => type === 'verified'),
    ).toMatchObject({ missing: 0, changed: 0, orphans: 0, damaged: 0 })
  })
})

describe('relink', () => {
  it('finds a photo again where it lies now', async () => {
    const file = join(terminal.folder, 'photos', 'tiles', 'tiles-3.png')
    const moved = join(terminal.folder, 'moved')
    mkdirSync(moved)
    renameSync(file, join(moved, 'other-name.png'))
    expect(await terminal.run('relink', 'moved', '-L', 'set')).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 photo found again, 0 still missing.'),
    })
    renameSync(join(moved, 'other-name.png'), file)
    expect(await terminal.run('relink', 'photos', '-L', 'set')).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 photo found again'),
    })
  })
})

describe('decisions', () => {
  it('label, exclude, undo and redo, by the end of a path or by number', async () => {
    expect(await terminal.run('label', 'tiles/tiles-1.png', 'pebbles', '-L', 'set')).toMatchObject({
      code: 0,
      out: expect.stringContaining('pebbles'),
    })
    const done = await terminal.run('undo', '-L', 'set')
    expect(await terminal.run('redo', '-L', 'set')).toMatchObject({ code: 0, out: expect.stringContaining('pebbles') })
    expect(await terminal.run('undo', '-L', 'set')).toEqual(done)
    expect(await terminal.run('redo', '-L', 'leaky')).toMatchObject({ code: 1, err: expect.stringMatching(/./) })
    expect(await terminal.run('exclude', await photoNumber('tiles-2.png'), '-L', 'set')).toMatchObject({ code: 0 })
    expect(await terminal.run('undo', '-L', 'set')).toMatchObject({ code: 0 })
  })

  it('name what is not there', async () => {
    expect(await terminal.run('label', 'nowhere.png', 'pebbles', '-L', 'set')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no photo "nowhere.png"'),
    })
    expect(await terminal.run('label', 'tiles-1.png', 'stones', '-L', 'set')).toMatchObject({
      code: 1,
      err: expect.stringContaining('pebbles, tiles'),
    })
    expect(await terminal.run('exclude', '.png', '-L', 'set')).toMatchObject({ code: 1 })
  })
})

describe('augment', () => {
  it('shows twenty-four tiles of a photo', async () => {
    const { code, events } = await terminal.run(
      'augment',
      'tiles-3.png',
      '-L',
      'set',
      '--recipe',
      'strong',
      '--tile',
      '16',
      '-o',
      'sheet.webp',
      '--json',
    )
    expect(code).toBe(0)
    expect(events[0]).toMatchObject({ type: 'augmented', file: join(terminal.folder, 'sheet.webp') })
    expect(readFileSync(join(terminal.folder, 'sheet.webp')).subarray(8, 12).toString()).toBe('WEBP')
    expect(await terminal.run('augment', 'tiles-3.png', '-L', 'set', '-o', 'no/where.webp')).toMatchObject({
      code: 1,
      err: expect.stringContaining('could not be written'),
    })
  })
})

describe('a model', () => {
  it('is asked for before there is one', async () => {
    expect(await terminal.run('review', '-L', 'set')).toMatchObject({
      code: 1,
      err: expect.stringContaining('winnow train'),
    })
    expect(await terminal.run('export', '-L', 'set', '-o', 'm.onnx')).toMatchObject({
      code: 1,
      err: expect.stringContaining('winnow train'),
    })
  })

  it('is trained, reviewed, exported and asked', async () => {
    const trained = await terminal.run(
      'train',
      '-L',
      'set',
      '--preset',
      'softmax',
      '--size',
      '8',
      '--epochs',
      '2',
      '--batch',
      '4',
      '--device',
      'cpu',
      '--json',
    )
    expect(trained.events.at(-1)).toMatchObject({ type: 'done' })
    expect(trained.events.find(({ type }) => type === 'run')).toMatchObject({
      run: { state: 'done', settings: { preset: 'softmax', size: 8, epochs: 2, batch: 4 } },
    })
    expect(trained.events.filter(({ type }) => type === 'evaluated').length).toBeGreaterThan(0)

    const review = await terminal.run('review', '-L', 'set', '--top', '3', '--json')
    expect(review.events[0]).toMatchObject({ type: 'summary', runId: 1 })
    const confidences = review.events
      .filter(({ type }) => type === 'photo')
      .map(event => (event['photo'] as { prediction: { confidence: number } }).prediction.confidence)
    expect(confidences).toEqual(confidences.toSorted((a, b) => b - a))

    const exported = await terminal.run('export', '-L', 'set', '-o', 'model.onnx')
    expect(exported).toMatchObject({ code: 0, out: expect.stringContaining('0 flipped') })

    const asked = await terminal.run('predict', 'model.onnx', 'photos/pebbles/pebbles-0.png', 'photos/tiles/note.jpg')
    expect(asked.code).toBe(0)
    expect(asked.out).toMatch(/pebbles-0\.png: (pebbles|tiles) \(\d+\.\d %\)\n.*note\.jpg: .+/)
    expect(await terminal.run('predict', 'model.onnx', 'photos/tiles/note.jpg')).toMatchObject({ code: 1 })

    expect(await terminal.run('export', '-L', 'set', '-o', 'doubting.onnx', '--unknown-below', '1')).toMatchObject({
      code: 0,
    })
    expect((await terminal.run('predict', 'doubting.onnx', 'photos/pebbles/pebbles-0.png')).out).toMatch(
      /pebbles-0\.png: unknown; at best (pebbles|tiles) \(\d+\.\d %\)/,
    )
    expect(
      (await terminal.run('predict', 'doubting.onnx', 'photos/pebbles/pebbles-0.png', '--unknown-below', '0', '--json'))
        .events[0],
    ).toMatchObject({ unknown: false })
  })

  it('answers a whole folder as CSV and as sorted copies', async () => {
    const asked = await terminal.run('classify', 'photos', '-L', 'set', '-o', 'answers.csv', '--copies', 'sorted')
    expect(asked).toMatchObject({
      code: 0,
      out: expect.stringMatching(/answers\.csv: 18 photos, 2 not readable, 18 copied to .*sorted\.\n/),
    })
    expect(readFileSync(join(terminal.folder, 'answers.csv'), 'utf8').trim().split('\r\n')).toHaveLength(19)
    expect(readdirSync(join(terminal.folder, 'sorted', '(not readable)')).sort()).toEqual(['cut.png', 'note.jpg'])
    const unsure = await terminal.run(
      'classify',
      'photos',
      '-L',
      'set',
      '-o',
      'answers.csv',
      '--unknown-below',
      '1',
      '--json',
    )
    expect(unsure.events.find(({ type }) => type === 'classified')).toMatchObject({
      photos: 18,
      unknown: 16,
      unread: 2,
      copied: 0,
    })
    expect(
      await terminal.run('classify', 'photos', '-L', 'set', '-o', 'answers.csv', '--copies', 'sorted'),
    ).toMatchObject({ code: 1, err: expect.stringContaining('is not empty') })
    expect(await terminal.run('classify', 'nowhere', '-L', 'set', '-o', 'answers.csv')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no folder'),
    })
  })

  it('gives its photos away as a list and as copies', async () => {
    expect(await terminal.run('export', '-L', 'set', '--format', 'csv', '-o', 'list.csv')).toMatchObject({
      code: 0,
      out: expect.stringContaining('16 photos'),
    })
    expect(await terminal.run('export', '-L', 'set', '--format', 'folder', '-o', 'given')).toMatchObject({
      code: 0,
      out: expect.stringContaining('16 photos copied'),
    })
    expect(
      await terminal.run(
        'export',
        '-L',
        'set',
        '--format',
        'folder',
        '--variants',
        '1',
        '--recipe',
        'light',
        '-o',
        'varied',
      ),
    ).toMatchObject({ code: 0, out: expect.stringMatching(/16 photos copied, 1\d variants of training photos made/) })
    expect(
      readFileSync(join(terminal.folder, 'given', 'labels.csv'), 'utf8')
        .trim()
        .split('\r\n'),
    ).toHaveLength(17)
    expect(await terminal.run('import', 'given', '-L', 'again')).toMatchObject({ code: 0 })
  })

  it('is trained as it is told, and what makes no sense is said', async () => {
    writeFileSync(
      join(terminal.folder, 'recipe.json'),
      JSON.stringify({
        format: 'winnow-augmentation',
        version: 1,
        steps: [{ kind: 'rotate', probability: 1, degrees: [-9, 9] }],
      }),
    )
    const told = [
      '--preset',
      'softmax',
      '--size',
      '8',
      '--channels',
      '1',
      '--iterations',
      '5',
      '--batch',
      '4',
      '--rate',
      '0.02',
      '--optimizer',
      'nesterov',
      '--momentum',
      '0.8',
      '--decay',
      '0.001',
      '--clip',
      '1',
      '--average',
      '0.9',
      '--schedule',
      'step',
      '--step-every',
      '0.5',
      '--step-factor',
      '0.2',
      '--warm-up',
      '0.1',
      '--label-smoothing',
      '0.1',
      '--class-weights',
      'balanced',
      '--augment',
      'recipe.json',
      '--mixup',
      '0.2',
      '--cutmix',
      '--patience',
      '9',
      '--validation-sample',
      '3',
      '--precision',
      'f32',
    ]
    const { events, code } = await terminal.run('train', '-L', 'set', ...told, '--device', 'cpu', '--json')
    expect(code).toBe(0)
    expect(events.find(({ type }) => type === 'run')).toMatchObject({
      run: {
        state: 'done',
        summary: { steps: 5 },
        settings: {
          channels: 1,
          iterations: 5,
          rate: 0.02,
          optimizer: 'nesterov',
          momentum: 0.8,
          decay: 0.001,
          clip: 1,
          average: 0.9,
          schedule: 'step',
          stepEvery: 0.5,
          stepFactor: 0.2,
          warmUp: 0.1,
          labelSmoothing: 0.1,
          classWeights: 'balanced',
          augmentation: { steps: [{ kind: 'rotate', probability: 1, degrees: [-9, 9] }] },
          mixup: 0.2,
          cutmix: true,
          patience: 9,
          validationSample: 3,
          precision: 'f32',
        },
      },
    })
    expect(await terminal.run('train', '-L', 'set', '--momentum', '0.9')).toMatchObject({
      code: 1,
      err: expect.stringContaining('Momentum 0.9 has no effect on adam'),
    })
    expect(await terminal.run('train', '-L', 'set', '--augment', 'none.json')).toMatchObject({
      code: 1,
      err: expect.stringContaining('none.json could not be read'),
    })
    expect(await terminal.run('train', '-L', 'set', '--continue', 'latest')).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no stopped or failed run'),
    })
    writeFileSync(
      join(terminal.folder, 'wrong.json'),
      JSON.stringify({
        format: 'winnow-augmentation',
        version: 1,
        steps: [{ kind: 'rotate', probability: 2, degrees: [-9, 9] }],
      }),
    )
    expect(await terminal.run('train', '-L', 'set', '--augment', 'wrong.json')).toMatchObject({
      code: 1,
      err: expect.stringContaining('steps.0.probability'),
    })
    expect(
      await terminal.run(
        'train',
        '-L',
        'set',
        '--preset',
        'softmax',
        '--size',
        '8',
        '--precision',
        'f16',
        '--device',
        'cpu',
      ),
    ).toMatchObject({ code: 1, err: expect.stringMatching(/CPU, \d+ threads? cannot store 16-bit numbers/) })
  })

  it('goes on where it was stopped', async () => {
    const epochs = ['--preset', 'softmax', '--size', '8', '--epochs', '9000', '--batch', '4', '--device', 'cpu']
    const stopped = await terminal.runUntilSaid(/Training [\d,]+ parameters on/, 'train', '-L', 'set', ...epochs)
    expect(stopped).toMatchObject({
      code: 130,
      out: expect.stringContaining('(stopped)'),
      err: expect.stringMatching(/its best weights so far are kept\.\s+Go on with it by --continue \d+/),
    })
    const goesOn = ['train', '-L', 'set', '--continue', 'latest', '--device', 'cpu', '--json']
    const again = await terminal.runUntilSaid(/"resumed"/, ...goesOn)
    expect(again.events.find(({ type }) => type === 'note')).toMatchObject({ code: 'resumed' })
    expect(await terminal.run('train', '-L', 'set', '--continue', 'latest', '--epochs', '3')).toMatchObject({
      code: 1,
      err: expect.stringContaining('epochs cannot be changed'),
    })
  })

  it('knows runs by number and says which there are', async () => {
    expect(await terminal.run('review', '-L', 'set', '--run', '1')).toMatchObject({ code: 0 })
    expect(await terminal.run('review', '-L', 'set', '--run', '77')).toMatchObject({
      code: 1,
      err: expect.stringContaining('1 (Run 1, done)'),
    })
  })
})
