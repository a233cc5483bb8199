// Names that mean a split: as a folder is called, or as a cell of a list says it.

import type { SplitName } from '../../../contract/records.ts'

const splitNames: ReadonlyMap<string, SplitName> = new Map([
  ...['train', 'training', 'trn', '학습', '훈련', '学習', '訓練', '训练'].map(name => [name, 'train'] as const),
  ...[
    'validation',
    'validate',
    'validating',
    'valid',
    'val',
    'vali',
    'dev',
    'development',
    'eval',
    'evaluation',
    '검증',
    '検証',
    '验证',
  ].map(name => [name, 'validation'] as const),
  ...['test', 'testing', 'tst', 'holdout', 'hold-out', 'hold_out', 'hold out', '시험', '테스트', 'テスト', '测试'].map(
    name => [name, 'test'] as const,
  ),
])
/** "train_set", "training images", "TestData", "test1". */
const suffix = /[\s._-]*(?:set|data|dataset|images?|imgs?|photos?|pictures?|split|folder|dir|셋|세트|데이터|\d)$/
const separator = /[\s._-]+/

/** The split that a folder or a cell of a list means by this name; null for any other name. */
export function splitOfName(name: string): SplitName | null {
  let plain = name.normalize('NFC').trim().toLowerCase()
  for (let ends = 0; ends < 3; ends++) {
    const split = splitNames.get(plain)
    if (split) return split
    plain = plain.replace(suffix, '')
  }
  return null
}

/** Of folders that lie beside each other: the ones that are called like splits, also with the same words in front of
 *  several ("seg_train", "seg_test"). */
export function splitsAmong(names: readonly string[]): ReadonlyMap<string, SplitName> {
  const plain = new Map(names.flatMap(name => pairOf(name, splitOfName(name))))
  if (plain.size > 0) return plain
  for (const group of Map.groupBy(names, frontOf).values()) {
    const splits = new Map(group.flatMap(name => pairOf(name, splitOfName(name.slice(frontOf(name).length)))))
    if (new Set(splits.values()).size > 1) return splits
  }
  return new Map()
}

function pairOf(name: string, split: SplitName | null): [string, SplitName][] {
  return split ? [[name, split]] : []
}

/** The words before the last. */
function frontOf(name: string): string {
  const last = name.split(separator).at(-1)!
  return name.slice(0, name.length - last.length)
}
