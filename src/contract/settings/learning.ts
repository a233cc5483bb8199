// Settings of a run: the optimizer, the learning rate over the run, and the loss. The defaults are PyTorch's.

import { suggested, type DecidingSettings, type SettingsOf } from './kinds.ts'
import { optimizerNames, precisionNames, scheduleNames } from './names.ts'

const defaultOptimizer = 'adam'
const defaultSchedule = 'cosine'
const optimizerOf = ({ optimizer = defaultOptimizer }: DecidingSettings) => optimizer
const scheduleOf = ({ schedule = defaultSchedule }: DecidingSettings) => schedule

const withMomentum: readonly string[] = ['momentum', 'nesterov', 'rmsprop']

/** A step's length and its factor are refused with the same words. */
const idleSteps = (_value: unknown, settings: DecidingSettings) =>
  [
    `The lengths of steps have no effect on the schedule ${scheduleOf(settings)}.`,
    'Leave them out, or choose step.',
  ] as const

export const learningSettings = {
  optimizer: {
    kind: 'choice',
    values: optimizerNames,
    group: 'learning',
    default: defaultOptimizer,
    option: '--optimizer <name>',
    name: { en: 'Optimizer', ko: '최적화 방법' },
    help: { en: 'how weights are moved', ko: '가중치를 옮기는 방법' },
  },
  rate: {
    kind: 'number',
    min: 0,
    above: true,
    least: 1e-9,
    max: 10,
    group: 'learning',
    required: true,
    leftOut: suggested,
    option: '--rate <r>',
    name: { en: 'Learning rate', ko: '학습률' },
    help: {
      en: 'how far weights move at each step: too far and the loss jumps, too little and it learns slowly',
      ko: '가중치를 한 번에 옮기는 크기입니다. 크면 손실이 튀고 작으면 느리게 배웁니다',
    },
  },
  momentum: {
    kind: 'number',
    min: 0,
    max: 0.999,
    group: 'learning',
    default: settings => (optimizerOf(settings) === 'rmsprop' ? 0 : 0.9),
    applies: settings => withMomentum.includes(optimizerOf(settings)),
    idle: (value, settings) => [
      `Momentum ${value} has no effect on ${optimizerOf(settings)}.`,
      `Leave it out, or choose ${withMomentum.join(', ')}.`,
    ],
    option: '--momentum <m>',
    name: { en: 'Momentum', ko: '모멘텀' },
    help: {
      en: 'of momentum and nesterov (0.9), and rmsprop',
      ko: 'momentum과 nesterov(0.9), rmsprop에서 앞선 움직임을 잇는 비율',
    },
  },
  decay: {
    kind: 'number',
    min: 0,
    max: 1,
    group: 'learning',
    default: settings => (optimizerOf(settings) === 'adamw' ? 0.01 : 0),
    applies: settings => optimizerOf(settings) !== 'adam',
    idle: value => [
      `Adam with a weight decay of ${value} is what adamw does.`,
      'Choose adamw, or leave the decay out.',
    ],
    neutral: 0,
    option: '--decay <d>',
    name: { en: 'Weight decay', ko: '가중치 감쇠' },
    help: { en: 'weight decay; 0.01 for adamw', ko: '가중치를 줄이는 정도. adamw는 0.01' },
    details: 'weight decay; never on biases and norms',
  },
  schedule: {
    kind: 'choice',
    values: scheduleNames,
    valueNames: {
      constant: { en: 'constant', ko: '일정' },
      step: { en: 'in steps', ko: '단계로' },
      cosine: { en: 'cosine', ko: '코사인' },
      'one-cycle': { en: 'one cycle', ko: '한 번 오르내림' },
    },
    group: 'learning',
    default: defaultSchedule,
    option: '--schedule <name>',
    name: { en: 'Rate over the run', ko: '학습률의 변화' },
    help: { en: 'how the rate falls', ko: '학습률이 낮아지는 방법' },
  },
  warmUp: {
    kind: 'number',
    min: 0,
    max: 0.9,
    group: 'learning',
    default: settings => (scheduleOf(settings) === 'cosine' ? 0.05 : 0),
    applies: settings => scheduleOf(settings) !== 'one-cycle',
    idle: () => ['One-cycle has a warm-up of its own.', 'Leave the warm-up out, or choose another schedule.'],
    option: '--warm-up <share>',
    name: { en: 'Warm-up, share of the run', ko: '준비 구간, 전체 중 비율' },
    help: { en: 'share of the run in which the rate rises', ko: '학습률이 오르는 구간이 전체에서 차지하는 비율' },
    details: 'share of the run in which the rate rises from 0; one-cycle has its own',
  },
  floor: {
    kind: 'number',
    min: 0,
    max: 1,
    group: 'learning',
    default: 0.01,
    applies: settings => scheduleOf(settings) === 'cosine',
    idle: (value, settings) => [
      `A floor of ${value} has no effect on the schedule ${scheduleOf(settings)}.`,
      'Leave it out, or choose cosine.',
    ],
    option: '--floor <share>',
    name: { en: 'Rate left at the end, share', ko: '끝의 학습률, 처음의 비율' },
    help: {
      en: 'of cosine: what is left of the rate at the end (0.01)',
      ko: '코사인에서 끝에 남는 학습률의 비율 (0.01)',
    },
    details: 'of cosine: the share of the rate left at the end',
  },
  stepEvery: {
    kind: 'number',
    min: 0,
    above: true,
    least: 1e-6,
    max: 1,
    group: 'learning',
    default: 0.3,
    applies: settings => scheduleOf(settings) === 'step',
    idle: idleSteps,
    option: '--step-every <share>',
    name: { en: 'A step every, share of the run', ko: '단계 간격, 전체 중 비율' },
    help: {
      en: 'of step: after each such share of the run (0.3) ...',
      ko: '단계로 낮출 때, 전체의 이만큼(0.3)이 지날 때마다 한 단계 낮춥니다',
    },
    details: 'of step: after each such share of the run the rate is multiplied by `stepFactor`',
  },
  stepFactor: {
    kind: 'number',
    min: 0,
    above: true,
    least: 1e-9,
    max: 1,
    group: 'learning',
    default: 0.1,
    applies: settings => scheduleOf(settings) === 'step',
    idle: idleSteps,
    option: '--step-factor <f>',
    name: { en: 'Factor of a step', ko: '단계 배율' },
    help: { en: '... the rate is multiplied by this (0.1)', ko: '한 단계마다 학습률에 곱하는 값 (0.1)' },
    details: 'of step: the factor of each step',
  },
  clip: {
    kind: 'number',
    min: 0,
    above: true,
    least: 1e-9,
    max: 1e6,
    group: 'learning',
    leftOut: { en: 'any norm', ko: '한계 없음' },
    option: '--clip <norm>',
    name: { en: 'Largest norm of gradients', ko: '기울기의 최대 크기' },
    help: { en: 'the largest norm of all gradients together', ko: '모든 기울기를 합친 크기의 한계' },
  },
  average: {
    kind: 'number',
    min: 0.5,
    max: 0.99999,
    group: 'learning',
    leftOut: { en: 'none', ko: '없음' },
    option: '--average <d>',
    name: { en: 'Averaged weights', ko: '가중치 평균' },
    help: {
      en: 'measure and export averaged weights that keep this share at each step, such as 0.999',
      ko: '단계마다 이만큼(예: 0.999)을 남기며 평균한 가중치를 재고 내보냅니다',
    },
    details: 'running average of the weights, such as 0.999: it is what is measured, kept and exported',
  },
  labelSmoothing: {
    kind: 'number',
    min: 0,
    max: 0.9,
    group: 'learning',
    default: 0,
    option: '--label-smoothing <share>',
    name: { en: 'Label smoothing', ko: '라벨 스무딩' },
    help: {
      en: 'share of the label that is spread over all classes',
      ko: '라벨에서 모든 클래스에 나누어 주는 비율',
    },
  },
  classWeights: {
    kind: 'choice',
    values: ['equal', 'balanced'],
    valueNames: {
      equal: { en: 'all the same', ko: '모두 같게' },
      balanced: { en: 'rare classes weigh more', ko: '드문 클래스를 더 무겁게' },
    },
    group: 'learning',
    default: 'equal',
    option: '--class-weights <how>',
    name: { en: 'Weight of classes', ko: '클래스의 무게' },
    help: { en: 'how much a class counts', ko: '클래스마다 얼마나 중요하게 볼지' },
    details: 'how much a class counts; balanced: photos / (classes x photos of the class)',
  },
  precision: {
    kind: 'choice',
    values: precisionNames,
    valueNames: {
      auto: { en: 'as a trial says', ko: '시험해 보고 정함' },
      f32: { en: '32 bits', ko: '32비트' },
      f16: { en: '16 bits', ko: '16비트' },
    },
    group: 'learning',
    default: 'auto',
    option: '--precision <name>',
    name: { en: 'Activations stored as', ko: '중간 값을 저장하는 정밀도' },
    help: {
      en: 'how activations are stored: f32, f16, or f16 where a trial says so (auto)',
      ko: '중간 값을 저장하는 형식: f32, f16, 또는 시험 결과에 따라(auto)',
    },
    details: 'how activations and their gradients are stored ([below](#half-precision))',
  },
} as const satisfies SettingsOf
