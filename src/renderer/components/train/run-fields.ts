// The settings of a run as a form: in groups, each number with its bounds and the value that holds where nothing is
// said, each choice with its values. A field is shown only where it has an effect. The contract
// (records/run-settings.ts) holds the same bounds; docs/training.md explains.

import type { RunSettings } from '../../../contract/records.ts'

export interface NumberField {
  readonly kind: 'number'
  readonly key: keyof RunSettings
  readonly min: number
  readonly max: number
  readonly whole: boolean
  /** `min` itself is not allowed. */
  readonly above?: boolean
  /** What holds where the field is empty, as text; a field without one may not be empty. */
  readonly usual?: string
  readonly when?: (settings: RunSettings) => boolean
}

export interface ChoiceField {
  readonly kind: 'choice'
  readonly key: keyof RunSettings
  readonly values: readonly string[]
  /** Names of values stand under this key of the catalogue; else the values themselves are shown. */
  readonly names?: string
  readonly usual?: string
  readonly when?: (settings: RunSettings) => boolean
}

export type RunField = NumberField | ChoiceField

export interface RunFieldGroup {
  readonly name: 'photos' | 'learning' | 'mixing' | 'ending'
  readonly fields: readonly RunField[]
}

/** In the order of core's presets, the small ones first. */
export const presets = [
  'softmax',
  'mlp',
  'simple-conv',
  'deep-convnet',
  'photo-convnet',
  'resnet9',
  'small-resnet',
  'vgg11',
  'vgg16',
  'googlenet',
  'resnet18',
  'resnet34',
  'resnet50',
] as const

const whole = (key: keyof RunSettings, min: number, max: number, more: Partial<NumberField> = {}): NumberField => ({
  kind: 'number',
  key,
  min,
  max,
  whole: true,
  ...more,
})
const share = (key: keyof RunSettings, max: number, usual: string, more: Partial<NumberField> = {}): NumberField => ({
  kind: 'number',
  key,
  min: 0,
  max,
  whole: false,
  usual,
  ...more,
})
const optimizerOf = (settings: RunSettings) => settings.optimizer ?? 'adam'
const continues = (settings: RunSettings) => settings.fromRunId !== undefined || settings.fromFile !== undefined
const scheduleOf = (settings: RunSettings) => settings.schedule ?? 'cosine'

export const fieldGroups: readonly RunFieldGroup[] = [
  {
    name: 'photos',
    fields: [
      { kind: 'choice', key: 'preset', values: presets, names: 'train.presets' },
      whole('size', 8, 512),
      { kind: 'choice', key: 'channels', values: ['3', '1'], names: 'train.channelNames' },
      { kind: 'choice', key: 'fit', values: ['squash', 'letterbox'], names: 'train.fits', usual: 'squash' },
      whole('epochs', 1, 10_000),
      whole('batch', 1, 4096),
      whole('seed', 0, 0xffffffff),
      share('trainShare', 1, '1', { above: true }),
    ],
  },
  {
    name: 'learning',
    fields: [
      {
        kind: 'choice',
        key: 'optimizer',
        values: ['sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw'],
        usual: 'adam',
      },
      { kind: 'number', key: 'rate', min: 0, max: 10, whole: false, above: true },
      share('momentum', 0.999, '0.9', {
        when: settings => ['momentum', 'nesterov', 'rmsprop'].includes(optimizerOf(settings)),
      }),
      share('decay', 1, '0', { when: settings => optimizerOf(settings) !== 'adam' }),
      {
        kind: 'choice',
        key: 'schedule',
        values: ['constant', 'step', 'cosine', 'one-cycle'],
        names: 'train.schedules',
        usual: 'cosine',
      },
      share('warmUp', 0.9, '0.05', { when: settings => scheduleOf(settings) !== 'one-cycle' }),
      share('floor', 1, '0.01', { when: settings => scheduleOf(settings) === 'cosine' }),
      share('stepEvery', 1, '0.3', { above: true, when: settings => scheduleOf(settings) === 'step' }),
      share('stepFactor', 1, '0.1', { above: true, when: settings => scheduleOf(settings) === 'step' }),
      share('clip', 1e6, '–', { above: true }),
      share('average', 0.99999, '–', { min: 0.5 }),
      // Its numbered stages are those of the net, see RunSettingsForm.
      {
        kind: 'choice',
        key: 'freeze',
        values: ['backbone'],
        names: 'train.freezes',
        usual: 'nothing',
        when: continues,
      },
      share('backboneRate', 1, '1', {
        above: true,
        when: settings => continues(settings) && settings.freeze !== 'backbone',
      }),
      share('labelSmoothing', 0.9, '0'),
      { kind: 'choice', key: 'classWeights', values: ['equal', 'balanced'], names: 'train.weights', usual: 'equal' },
      { kind: 'choice', key: 'precision', values: ['auto', 'f32', 'f16'], names: 'train.precisions', usual: 'auto' },
    ],
  },
  { name: 'mixing', fields: [share('mixup', 0.5, '0')] },
  {
    name: 'ending',
    fields: [
      whole('patience', 1, 10_000, { usual: '–' }),
      whole('iterations', 1, 10_000_000, { usual: '–' }),
      whole('validationSample', 1, 10_000_000, { usual: '2048' }),
    ],
  },
]

/** Settings with one value changed; null takes an optional one out. Fields that then have no effect are taken out as
 *  well. */
export function withSetting(settings: RunSettings, key: keyof RunSettings, value: unknown): RunSettings {
  const { [key]: _, ...rest } = settings
  const next = (value === null ? rest : { ...rest, [key]: value }) as RunSettings
  const idle = fieldGroups
    .flatMap(({ fields }) => fields)
    .filter(field => field.when && !field.when(next))
    .map(field => field.key)
  return Object.fromEntries(
    Object.entries(next).filter(([name]) => !idle.includes(name as keyof RunSettings)),
  ) as RunSettings
}

/** A typed number within its bounds; null for an empty optional field, undefined for what is no number. */
export function readNumber(
  { min, max, whole: wholeNumber, usual, above = false }: NumberField,
  text: string,
): number | null | undefined {
  if (text.trim() === '') return usual === undefined ? undefined : null
  const value = wholeNumber ? Math.round(Number(text)) : Number(text)
  if (!Number.isFinite(value) || (above && value <= min)) return undefined
  return Math.min(max, Math.max(min, value))
}
