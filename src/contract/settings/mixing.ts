// Settings of a run: the random changes of the training photos, and when it ends.

import { recipeStrengths } from '../augmentation-recipes.ts'
import { suggested, type SettingsOf } from './kinds.ts'

const augmentOption = {
  option: '--augment <recipe>',
  help: {
    en: `random changes of the photos: none, ${recipeStrengths.join(', ')}, or a file with a recipe`,
    ko: '사진의 무작위 변화: 없음, 약하게, 보통, 강하게, 또는 조합을 적은 파일',
  },
} as const

export const mixingSettings = {
  augment: {
    kind: 'flag',
    group: 'mixing',
    required: true,
    drawnApart: true,
    leftOut: suggested,
    ...augmentOption,
    name: { en: 'Augmentation', ko: '사진 변화' },
    details: 'whether photos are changed at random, by `augmentation`; `--augment none`: not',
  },
  augmentation: {
    kind: 'recipe',
    group: 'mixing',
    drawnApart: true,
    leftOut: { en: 'light', ko: '약하게' },
    ...augmentOption,
    name: { en: 'Augmentation', ko: '사진 변화' },
    details: `${recipeStrengths.join(', ')}, or a recipe of [augmentation.md](augmentation.md) in a file, where \`augment\` is true`,
  },
  mixup: {
    kind: 'number',
    min: 0,
    max: 0.5,
    group: 'mixing',
    default: 0,
    option: '--mixup <share>',
    name: { en: 'Blend photos, up to', ko: '사진 섞기, 최대' },
    help: { en: 'blend photos, the other having up to this share', ko: '다른 사진을 이만큼까지 섞습니다' },
    details: 'blend with another photo of the batch, which has up to this share',
  },
  cutmix: {
    kind: 'flag',
    group: 'mixing',
    default: false,
    option: '--cutmix',
    name: { en: 'Paste pieces of other photos', ko: '다른 사진 조각 붙이기' },
    help: { en: 'paste rectangles of other photos', ko: '다른 사진의 네모난 조각을 붙입니다' },
    details: 'paste a rectangle of another photo of the batch, up to a quarter',
  },
} as const satisfies SettingsOf

export const endingSettings = {
  patience: {
    kind: 'number',
    min: 1,
    max: 10_000,
    whole: true,
    group: 'ending',
    leftOut: { en: 'never', ko: '끝까지' },
    option: '--patience <epochs>',
    name: { en: 'End when it no longer improves, after', ko: '나아지지 않으면 끝낼 때까지' },
    help: {
      en: 'end when validation has not improved for so long',
      ko: '검증 정확도가 이만큼의 에폭 동안 나아지지 않으면 끝냅니다',
    },
    details: 'end when validation has not improved for so many epochs',
  },
  iterations: {
    kind: 'number',
    min: 1,
    max: 10_000_000,
    whole: true,
    group: 'ending',
    leftOut: { en: 'whole epochs', ko: '에폭대로' },
    option: '--iterations <n>',
    name: { en: 'End after steps', ko: '끝낼 단계 수' },
    help: { en: 'end after so many steps instead', ko: '에폭 대신 이만큼의 단계 뒤에 끝냅니다' },
    details: 'end after so many steps, whatever the epochs say',
  },
  validationSample: {
    kind: 'number',
    min: 1,
    max: 10_000_000,
    whole: true,
    group: 'ending',
    default: 2048,
    option: '--validation-sample <n>',
    name: { en: 'Validation photos an epoch', ko: '에폭마다 볼 검증 사진' },
    help: {
      en: 'validation photos measured after each epoch (all at the end)',
      ko: '에폭마다 재는 검증 사진 수. 끝에서는 모두 잽니다',
    },
    details: 'validation photos measured after each epoch; after the last it is all of them',
  },
} as const satisfies SettingsOf
