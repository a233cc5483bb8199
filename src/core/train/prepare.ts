// Compiles and tunes everything that a training needs, without training: for `winnow tune`, and to warm up a device.

import type { PhotoSet } from '../data/photo-set.ts'
import type { Device } from '../device.ts'
import type { ModelDescription } from '../nn/description.ts'
import { createSession } from './session.ts'
import { withDefaults } from './settings.ts'

/** Compiles step and evaluation for batches of this size, tunes them as the device was told, and gives the memory back.
 */
export async function prepareTraining(device: Device, model: ModelDescription, batch: number): Promise<void> {
  const { height, width, channels } = model.input
  const rows = Uint32Array.from({ length: Math.max(256, batch) }, (_, row) => row) // enough for a whole batch of the evaluation
  const photos: PhotoSet = {
    images: new Uint8Array(rows.length * height * width * channels),
    labels: new Uint32Array(rows.length),
    height,
    width,
    channels,
  }
  const session = await createSession(
    withDefaults({
      device,
      model,
      photos,
      trainRows: rows,
      validationRows: rows,
      epochs: 1,
      batchSize: batch,
      precision: 'f32',
    }),
  )
  session.dispose()
}
