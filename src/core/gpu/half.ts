// Rewrites WGSL so that chosen bindings hold f16 in memory. Every value becomes f32 when it is fetched and f16 when it
// is stored, so all arithmetic and every sum stays f32, and the shaders do not change.

import { CoreError } from '../error.ts'

interface Elements {
  /** What the shader computes with, and what lies in memory: f32 and f16, or vec4f and vec4h. */
  readonly full: string
  readonly half: string
}

/** `text` with the storage bindings `names` as arrays of f16; the module must then begin with `enable f16;`. Such a
 *  binding may be fetched (`x[i]`) and stored to (`x[i] = value;`) and nothing else. */
export function storeAsHalf(text: string, names: readonly string[]): string {
  return names.reduce((before, name) => {
    const declaration = new RegExp(`(var<storage, \\w+> ${name}: array<)(f32|vec4f)>`)
    const [, , full] = declaration.exec(before) ?? []
    if (!full) throw unfit(name, 'is no array of f32 or vec4f')
    const half = full === 'f32' ? 'f16' : 'vec4h'
    return withAccesses(before, name, { full, half }).replace(declaration, `$1${half}>`)
  }, text)
}

function withAccesses(text: string, name: string, elements: Elements): string {
  const access = new RegExp(`(?<![\\w.])${name}\\[`, 'g')
  const done: string[] = []
  let from = 0
  for (let found = access.exec(text); found; found = access.exec(text)) {
    const end = closingBracket(text, access.lastIndex)
    const place = `${name}[${withAccesses(text.slice(access.lastIndex, end), name, elements)}]`
    const [assignment, operator, value] = /^ ([-+*/%]?)= ([^;]*);/.exec(text.slice(end + 1)) ?? []
    if (operator) throw unfit(name, `is changed in place by ${operator}=`)
    done.push(
      text.slice(from, found.index),
      value === undefined
        ? `${elements.full}(${place})`
        : `${place} = ${elements.half}(${withAccesses(value, name, elements)});`,
    )
    access.lastIndex = from = end + 1 + (assignment?.length ?? 0)
  }
  return done.join('') + text.slice(from)
}

/** Where the bracket closes that opened just before `from`. */
function closingBracket(text: string, from: number): number {
  let open = 1
  for (let at = from; at < text.length; at++) {
    if (text[at] === '[') open++
    else if (text[at] === ']' && --open === 0) return at
  }
  throw unfit(text.slice(from - 20, from), 'has an index without an end')
}

function unfit(binding: string, why: string): CoreError {
  return new CoreError(
    'shader-failed',
    `The binding ${binding} cannot be stored as f16: it ${why}.`,
    'Take it out of the `half` of its kernel.',
  )
}
