// Several heads learn on the same features at once, each with columns of its own: what all of them ask for is one product,
// which reads the features once. A head that asks waits until every other that is still learning has asked.

import type { FeatureProducts } from './feature-products.ts'

type Kind = 'logits' | 'gradient'

interface Question {
  readonly head: number
  readonly kind: Kind
  readonly values: Float64Array
  readonly answer: (values: Float64Array) => void
  readonly fail: (error: unknown) => void
}

export class JointProducts {
  readonly #products: FeatureProducts
  readonly #classes: number
  #learning: number
  #asked: Question[] = []

  /** `heads` of `classes` columns each. */
  constructor(products: FeatureProducts, heads: number, classes: number) {
    this.#products = products
    this.#learning = heads
    this.#classes = classes
  }

  /** Logits [rows classes] of weights [size classes], or the gradient [size classes] of slopes [rows classes]. */
  ask(head: number, kind: Kind, values: Float64Array): Promise<Float64Array> {
    return new Promise((answer, fail) => {
      this.#asked.push({ head, kind, values, answer, fail })
      this.#answerAll()
    })
  }

  /** A head has learnt all it will: the others no longer wait for it. */
  leave(): void {
    this.#learning--
    this.#answerAll()
  }

  #answerAll(): void {
    if (this.#learning === 0 || this.#asked.length < this.#learning) return
    const asked = this.#asked
    this.#asked = []
    for (const kind of new Set(asked.map(question => question.kind))) {
      void this.#answer(
        kind,
        asked.filter(question => question.kind === kind),
      )
    }
  }

  async #answer(kind: Kind, asked: readonly Question[]): Promise<void> {
    const { rows, size, columns } = this.#products
    const [from, to] = kind === 'logits' ? [size, rows] : [rows, size]
    try {
      const joint = new Float32Array(from * columns)
      for (const { head, values } of asked) this.#copy(values, joint, from, head, true)
      const found = await this.#products[kind](joint)
      for (const { head, answer } of asked) {
        const own = new Float64Array(to * this.#classes)
        this.#copy(own, found, to, head, false)
        answer(own)
      }
    } catch (error) {
      for (const { fail } of asked) fail(error)
    }
  }

  #copy(own: Float64Array, joint: Float32Array, rows: number, head: number, intoJoint: boolean): void {
    const [classes, { columns }] = [this.#classes, this.#products]
    for (let row = 0; row < rows; row++) {
      const [a, b] = [row * classes, row * columns + head * classes]
      if (intoJoint) for (let k = 0; k < classes; k++) joint[b + k] = own[a + k]!
      else for (let k = 0; k < classes; k++) own[a + k] = joint[b + k]!
    }
  }
}
