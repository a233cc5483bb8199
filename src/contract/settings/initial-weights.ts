// Settings of a run: the weights it begins with, and what of them learns.

import type { DecidingSettings, SettingsOf } from './kinds.ts'

const begins = ({ fromRunId, fromFile }: DecidingSettings) => fromRunId !== undefined || fromFile !== undefined

export const initialWeightsSettings = {
  fromRunId: {
    kind: 'run',
    group: 'learning',
    drawnApart: true,
    leftOut: { en: 'fresh weights', ko: '새 가중치' },
    option: '--from <run|file>',
    name: { en: 'Begins with run', ko: '가중치를 이어받은 실행' },
    help: {
      en: 'begin with the best weights of this run, or a safetensors file, where they fit',
      ko: '이 실행의 가장 좋은 가중치나 safetensors 파일에서, 맞는 만큼 시작합니다',
    },
    details: 'begin with the best weights of this run',
  },
  fromFile: {
    kind: 'file',
    maxLength: 255,
    group: 'learning',
    drawnApart: true,
    leftOut: { en: 'fresh weights', ko: '새 가중치' },
    option: '--from <run|file>',
    name: { en: 'Begins with file', ko: '가중치를 가져온 파일' },
    help: {
      en: 'begin with the best weights of this run, or a safetensors file, where they fit',
      ko: '이 실행의 가장 좋은 가중치나 safetensors 파일에서, 맞는 만큼 시작합니다',
    },
    details:
      'begin with the weights of a safetensors file: a checkpoint of Winnow, or a state dict with torchvision’s names',
  },
  freeze: {
    kind: 'stages',
    values: ['backbone'],
    valueNames: { backbone: { en: 'all but the head stays', ko: '마지막 층만 배움' } },
    max: 1000,
    group: 'learning',
    leftOut: { en: 'everything learns', ko: '모두 배움' },
    applies: begins,
    idle: () => [
      'Fresh weights that are frozen would never learn anything.',
      'Begin with the weights of a run or a file, or freeze nothing.',
    ],
    option: '--freeze <stages>',
    name: { en: 'What stays as it is', ko: '그대로 둘 부분' },
    help: {
      en: 'so many stages from the input stay as they begin, or "backbone": all but the head',
      ko: '앞에서부터 이만큼의 단계를 그대로 둡니다. backbone은 마지막 층 말고 모두입니다',
    },
  },
  backboneRate: {
    kind: 'number',
    min: 0,
    above: true,
    least: 1e-6,
    max: 1,
    group: 'learning',
    default: 1,
    applies: settings => begins(settings) && settings.freeze !== 'backbone',
    idle: (value, settings) =>
      begins(settings)
        ? [`A backbone rate of ${value} has no effect on a frozen backbone.`, 'Leave it out, or freeze fewer stages.']
        : [
            `A backbone rate of ${value} is for weights that were learnt before.`,
            'Begin with the weights of a run or a file, or leave it out.',
          ],
    option: '--backbone-rate <f>',
    name: { en: 'Rate of all but the head, factor', ko: '마지막 층 밖의 학습률 배율' },
    help: {
      en: 'everything but the head learns at this share of the rate',
      ko: '마지막 층 밖은 학습률의 이만큼으로 배웁니다',
    },
  },
} as const satisfies SettingsOf
