// What the small decoders written here give.

import type { Raster } from '../resize/resample.ts'
import type { PlainRows } from './mend/zero-tail.ts'

export interface DecodedPlain {
  /** RGB, upright. */
  readonly raster: Raster
  /** False where the file ends before its last pixel; the missing ones are white. */
  readonly complete: boolean
  /** Where its rows lie in the file, if they lie there as they are. */
  readonly rows: PlainRows | null
}
