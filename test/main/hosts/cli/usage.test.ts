// Wrong usage is one helpful line and exit 2; help is everywhere and exit 0.

import { afterAll, describe, expect, it } from 'vitest'
import { suggestSettings } from '../../../../src/main/runs/settings/suggest.ts'
import { Terminal } from './terminal.ts'

const terminal = new Terminal()
afterAll(() => terminal.remove())

const commands = [
  'demo',
  'import',
  'check',
  'verify',
  'relink',
  'train',
  'augment',
  'evaluate',
  'curve',
  'review',
  'suspects',
  'features',
  'quick',
  'backbone',
  'label',
  'exclude',
  'undo',
  'redo',
  'export',
  'predict',
  'heat-map',
  'classify',
  'serve',
  'tune',
  'doctor',
]

describe('help', () => {
  it('lists every command', async () => {
    const { code, out, err } = await terminal.run('--help')
    expect([code, err]).toEqual([0, ''])
    for (const command of commands) expect(out).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
  })

  it.each(commands)('of %s', async command => {
    const { code, out, err } = await terminal.run(command, '--help')
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain(`Usage: winnow ${command}`)
    expect(out).toContain('--json')
  })

  it('of tune names the net that one click trains', async () => {
    const { preset, size, batch } = suggestSettings({
      photos: 3000,
      classes: 10,
      medianSide: 400,
      grey: false,
      square: false,
    }).settings
    const said = (await terminal.run('tune', '--help')).out.replaceAll(/\s+/g, ' ')
    for (const usual of [
      `default: "${preset}"`,
      `size of the photos (default: ${size})`,
      `photos a step (default: ${batch})`,
    ])
      expect(said).toContain(usual)
  })

  it('of suspects spells its choices with hyphens, and takes underscores', async () => {
    expect((await terminal.run('suspects', '--help')).out.replaceAll(/\s+/g, ' ')).toContain('"predicted-neq-given"')
    for (const filter of ['predicted-neq-given', 'predicted_neq_given', 'Predicted-Neq-Given'])
      expect((await terminal.run('suspects', '--filter', filter)).err).toContain('Name a library with -L')
    expect((await terminal.run('suspects', '--filter', 'predicted')).err).toContain('predicted-neq-given')
  })

  it('says the version', async () => {
    expect(await terminal.run('--version')).toMatchObject({ code: 0, out: '0.0.0-test\n' })
  })
})

describe('wrong usage', () => {
  it.each([
    [[], 'winnow demo'],
    [['trian'], 'Did you mean train?'],
    [['train'], '--library'],
    [['train', '-L'], 'argument missing'],
    [['train', '-L', 'x', '--epochs', '0'], 'whole number from 1 to 10000'],
    [['train', '-L', 'x', '--epochs', '2.5'], 'whole number'],
    [['train', '-L', 'x', '--size', 'big'], 'from 8 to 512'],
    [['train', '-L', 'x', '--preset', 'vgg-99'], 'Allowed choices are'],
    [['train', '-L', 'x', '--device', 'tpu'], 'auto, gpu, cpu'],
    [['train', '-L', 'x', '--speed', '9'], '--speed'],
    [['train', '-L', 'x', '--optimizer', 'lion'], 'sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw'],
    [['train', '-L', 'x', '--schedule', 'linear'], 'constant, step, cosine, one-cycle'],
    [['train', '-L', 'x', '--rate', 'fast'], 'number from'],
    [['train', '-L', 'x', '--average', '1'], 'from 0.5 to 0.99999'],
    [['train', '-L', 'x', '--channels', '2'], '1 or 3'],
    [['tune', '--channels', '2'], '1 or 3'],
    [['check', '-L', 'x', '--limit', 'gloom=0.2'], 'dark=0.2'],
    [['augment', '-L', 'x'], 'photo'],
    [['augment', '3', '-L', 'x', '-o', 'tiles.png'], '.webp'],
    [['heat-map', '3', '-L', 'x', '-o', 'heat.jpg'], '.png'],
    [['suspects'], 'Name a library with -L'],
    [['suspects', '--pred-probs', 'p.npy'], 'belong together'],
    [['review', '-L', 'x', '--runs', '3'], 'at least two different runs'],
    [['import', '-L', 'x'], 'folder'],
    [['label', '-L', 'x', '3'], 'class'],
    [['export', '-L', 'x'], '--output'],
    [['export', '-L', 'x', '-o', 'model.txt'], '.onnx'],
    [['export', '-L', 'x', '-o', 'm.onnx', '--format', 'pickle'], 'Allowed choices'],
    [['export', '-L', 'x', '-o', 'list.txt', '--format', 'csv'], '.csv'],
    [['export', '-L', 'x', '-o', 'm.onnx', '--variants', '2'], 'no effect with --format onnx'],
    [['export', '-L', 'x', '-o', 'list.csv', '--format', 'csv', '--unknown-below', '0.5'], '--format onnx'],
    [['export', '-L', 'x', '-o', 'copies', '--format', 'folder', '--folds'], '--format onnx'],
    [['classify', 'photos', '-L', 'x'], '--output'],
    [['classify', 'photos', '-L', 'x', '-o', 'a.csv', '--unknown-below', '2'], 'from 0 to 1'],
    [['serve', '--port', '70000'], '65535'],
    [['undo', '-L', 'x', 'twice'], 'too many arguments'],
  ])('%j', async (args, said) => {
    const { code, out, err } = await terminal.run(...args)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(said)
    expect(err.trim().split('\n')).toHaveLength(1)
  })
})
