// A run's model on its way out, as every writer of a format is handed it.

import type { Run } from '../../../contract/records.ts'
import type { ModelDescription, StateDict } from '../../../core/nn/description.ts'

/** What is to be written. */
export interface ModelToWrite {
  readonly run: Run
  readonly appVersion: string
  readonly model: ModelDescription
  readonly weights: StateDict
  /** Of the run's validation answers. */
  readonly temperature: number
  readonly unknownBelow: number
}
