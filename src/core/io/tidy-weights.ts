// Weights that other software wrote, made into what a preset of this one takes: prefixes that a wrapper put before every
// name are taken off, timm's names of a MobileNet v2 become torchvision's, and what no net needs is dropped. Each of it is
// said in a note.

import type { StateDict } from '../nn/description.ts'

export interface TidyWeights {
  readonly weights: StateDict
  /** What was changed, in sentences; none where all is as it was. */
  readonly notes: readonly string[]
}

/** Wrappers that are known: DataParallel, Lightning, and nets that call their trunk so. */
const wrappers = ['module.', 'model.', 'backbone.', 'encoder.', 'net.', 'state_dict.']

export function tidyWeights(weights: StateDict): TidyWeights {
  const notes: string[] = []
  let tidy = weights
  for (;;) {
    const prefix = wrappers.find(wrapper => [...tidy.keys()].every(name => name.startsWith(wrapper)))
    if (prefix === undefined || tidy.size === 0) break
    tidy = renamed(tidy, name => name.slice(prefix.length))
    notes.push(`“${prefix}” was taken off the names of all ${tidy.size} tensors.`)
  }
  if (isTimmMobilenetV2(tidy)) {
    tidy = renamed(tidy, torchvisionName)
    notes.push("timm's names of a MobileNet v2 were made torchvision's.")
  }
  return { weights: tidy, notes }
}

function renamed(weights: StateDict, rename: (name: string) => string): StateDict {
  return new Map([...weights].map(([name, tensor]) => [rename(name), tensor]))
}

/** Its second stage has blocks of three convolutions. */
function isTimmMobilenetV2(weights: StateDict): boolean {
  return weights.has('conv_stem.weight') && weights.has('blocks.1.0.conv_pwl.weight') && weights.has('conv_head.weight')
}

/** Blocks before each stage of a MobileNet v2: stage s, block i is `features.(1 + before + i)`. */
const blocksBefore = [0, 1, 3, 6, 10, 13, 16]

function torchvisionName(name: string): string {
  const ends: Readonly<Record<string, string>> = {
    conv_stem: 'features.0.0',
    bn1: 'features.0.1',
    conv_head: 'features.18.0',
    bn2: 'features.18.1',
    classifier: 'classifier.1',
  }
  const [first = ''] = name.split('.')
  if (Object.hasOwn(ends, first)) return ends[first]! + name.slice(first.length)
  const [, stage, block, part, rest] = /^blocks\.(\d)\.(\d+)\.(\w+)\.(.+)$/.exec(name) ?? []
  if (stage === undefined) return name
  const feature = `features.${1 + blocksBefore[Number(stage)]! + Number(block)}.conv`
  // The first stage does not expand, so its depthwise convolution is the first of its block.
  const places: Readonly<Record<string, string>> =
    stage === '0'
      ? { conv_dw: '0.0', bn1: '0.1', conv_pw: '1', bn2: '2' }
      : { conv_pw: '0.0', bn1: '0.1', conv_dw: '1.0', bn2: '1.1', conv_pwl: '2', bn3: '3' }
  const place = places[part!]
  return place === undefined ? name : `${feature}.${place}.${rest}`
}
