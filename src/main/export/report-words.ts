// The words of the HTML report in the app's two languages.

import type { Advice, SplitName } from '../../contract/records.ts'

export type Language = 'en' | 'ko'

export interface ReportWords {
  readonly splits: Readonly<Record<SplitName, string>>
  readonly epochs: (count: number) => string
  readonly photos: string
  readonly accuracy: string
  readonly interval: string
  readonly macroF1: string
  readonly weightedF1: string
  readonly perClass: string
  readonly name: string
  readonly precision: string
  readonly recall: string
  readonly confusion: string
  readonly confusionHint: string
  readonly calibration: string
  readonly calibrationHint: string
  readonly error: string
  readonly temperature: string
  /** The label is among the k most probable classes. */
  readonly among: (k: number) => string
  readonly unknownBelow: string
  readonly answered: string
  readonly right: string
  readonly threshold: (share: string) => string
  readonly noThreshold: string
  /** `without` is null where all are copies. */
  readonly copies: (count: number, of: number, without: string | null) => string
  readonly unjudged: (classes: string) => string
  readonly advice: string
  readonly made: string
  readonly sentence: (advice: Advice) => string
}

export const reportWords: Readonly<Record<Language, ReportWords>> = {
  en: {
    splits: { train: 'training photos', validation: 'validation photos', test: 'test photos' },
    epochs: count => (count === 1 ? '1 epoch' : `${count} epochs`),
    photos: 'Photos',
    accuracy: 'Accuracy',
    interval: '95 % interval',
    macroF1: 'F1, mean of classes',
    weightedF1: 'F1, weighted by photos',
    perClass: 'Classes',
    name: 'Class',
    precision: 'Precision',
    recall: 'Recall',
    confusion: 'Confusion matrix',
    confusionHint: 'Rows are labels, columns are answers.',
    calibration: 'Confidence',
    calibrationHint: 'Share of right answers by confidence. On the line, confidence can be read as a probability.',
    among: k => `Right among the first ${k}`,
    unknownBelow: '"Unknown" below',
    answered: 'Answered',
    right: 'Of these right',
    threshold: share =>
      `Answering "unknown" below a confidence of ${share} makes 95 % or more of the answered validation photos right.`,
    noThreshold: 'No threshold that leaves 20 answers or more makes 95 % of the answered validation photos right.',
    error: 'Mean distance from the line',
    temperature: 'Temperature',
    copies: (count, of, without) =>
      `${count} of these ${of} photos ${count === 1 ? 'is a copy of a training photo' : 'are copies of training photos'}. ${without === null ? 'They cannot say how good the model is.' : `Accuracy without them: ${without}.`}`,
    unjudged: classes => `No photo of: ${classes}. Nothing says how well they are found.`,
    advice: 'What to do next',
    made: 'Made by Winnow',
    sentence: ({ text }) => text,
  },
  ko: {
    splits: { train: '학습 사진', validation: '검증 사진', test: '테스트 사진' },
    epochs: count => `${count} 에폭`,
    photos: '사진 수',
    accuracy: '정확도',
    interval: '95% 구간',
    macroF1: 'F1 (클래스 평균)',
    weightedF1: 'F1 (사진 수 가중)',
    perClass: '클래스',
    name: '클래스',
    precision: '정밀도',
    recall: '재현율',
    confusion: '혼동 행렬',
    confusionHint: '행: 라벨, 열: 모델의 답.',
    calibration: '확신',
    calibrationHint: '확신에 따라 실제로 맞힌 비율. 점이 선 위에 있으면 확신을 확률로 읽어도 됩니다.',
    among: k => `상위 ${k}개 안에 정답`,
    unknownBelow: '이보다 낮으면 "모름"',
    answered: '답한 비율',
    right: '그중 정답',
    threshold: share => `확신이 ${share}보다 낮을 때 "모름"으로 답하면, 답한 검증 사진의 95% 이상이 맞습니다.`,
    noThreshold: '답이 20장 이상 남으면서 답한 검증 사진의 95%가 맞게 되는 기준이 없습니다.',
    error: '선에서 벗어난 평균 거리',
    temperature: '온도',
    copies: (count, of, without) =>
      `이 사진 ${of}장 중 ${count}장은 학습 사진의 사본입니다. ${without === null ? '모델이 얼마나 좋은지 알 수 없습니다.' : `사본을 뺀 정확도: ${without}.`}`,
    unjudged: classes => `사진이 없는 클래스: ${classes}. 얼마나 잘 찾는지 알 수 없습니다.`,
    advice: '다음에 할 일',
    made: '만든 프로그램: Winnow',
    sentence: advice => korean[advice.code]?.(advice.values) ?? advice.text,
  },
}

/** Sentences that need no particle after a class name, whose last letter is not known. */
const korean: Readonly<Record<string, (values: Advice['values']) => string>> = {
  'under-trained': v =>
    `학습 사진 ${v['known']} %, 처음 보는 사진 ${v['unseen']} %를 맞히는데, 찍어도 ${v['guessing']} %입니다. 아직 배우지 못한 모델입니다. ${v['epochs']} 에폭보다 오래 학습하거나 학습률이나 신경망을 바꾸십시오. 이 모델의 오답으로는 라벨을 알 수 없습니다.`,
  'copies-only': v =>
    `정확도를 재는 사진 ${v['photos']}장이 모두 학습 사진의 사본이라 모델이 얼마나 좋은지 알 수 없습니다.`,
  'copies-in-training': v =>
    `정확도를 재는 사진 ${v['of']}장 중 ${v['photos']}장이 학습 사진의 사본입니다. 사본을 빼면 ${v['accuracy']} %가 아니라 ${v['without']} %입니다. 사본을 한 분할로 옮기거나 제외하십시오.`,
  'test-lower': v =>
    `검증 사진은 ${v['validation']} %, 테스트 사진은 ${v['test']} % 맞힙니다. 우연보다 큰 차이입니다. 테스트 사진이 다른 사진들과 다르거나, 검증 사진에 맞추어 설정을 골랐습니다.`,
  'test-higher': v =>
    `검증 사진은 ${v['validation']} %, 테스트 사진은 ${v['test']} % 맞힙니다. 우연보다 큰 차이입니다. 테스트 사진이 더 쉽거나 학습에 쓰였습니다.`,
  'class-unjudged': v => `정확도를 재는 사진이 없는 클래스: ${v['classes']}. 얼마나 잘 찾는지 알 수 없습니다.`,
  unlabelled: v => `쓸 수 있는 사진 ${v['photos']}장에 아직 라벨이 없습니다. 라벨을 붙이면 이 사진들도 배웁니다.`,
  'overfit-augmented': v =>
    `학습한 사진은 ${v['known']} %, 새 사진은 ${v['unseen']} % 맞힙니다. 사진을 외운 상태입니다. 사진은 이미 조금씩 바꾸어 가며 학습했으므로, 사진을 더하는 것이 가장 좋고 그다음은 더 많이 바꾸거나 더 작은 신경망입니다.`,
  'confused-pair': v =>
    `가장 많이 혼동한 두 클래스: “${v['first']}”, “${v['second']}” (오답 ${v['mistakes']}개 중 ${v['photos']}개). 이 사진들의 라벨을 먼저 보거나 클래스를 나누십시오.`,
  'few-photos': v =>
    `클래스 “${v['name']}”: 학습 사진 ${v['photos']}장 (보통 ${v['typical']}장), 재현율 ${v['recall']}%. 사진을 더 모으면 좋아집니다.`,
  overfit: v =>
    `학습 사진 정확도 ${v['known']}%, 새 사진 정확도 ${v['unseen']}%: 모델이 사진을 외웠습니다. 사진을 더하거나 옮기기와 뒤집기를 켜십시오.`,
  'wide-interval': v =>
    `검증 사진이 ${v['photos']}장뿐이어서 실제 정확도는 ${v['low']}%에서 ${v['high']}% 사이 어디든 될 수 있습니다. 검증 사진이 더 있으면 분명해집니다.`,
  'too-sure': v =>
    `평균 ${v['error']}점만큼 지나치게 확신합니다. 온도 ${v['temperature']} 없이는 확신을 확률로 읽지 마십시오.`,
}
