// One photo asked of a run: what it is, how sure, and where the net saw it. The weights are the run's best; the pixels
// must have come by the rule that the run was trained with. A net without convolutions answers as well, but knows no
// places.

import { CoreError, decodeSnapshot, predict, usableWeights } from '../core/index.ts'
import { openHeatMaps, type HeatMaps, type HeatMapsOptions } from './heat-map.ts'

export interface PhotoPrediction {
  /** [classes] */
  readonly probabilities: Float32Array<ArrayBuffer>
  /** The class that `heat` is of: the one asked about, else the most probable. */
  readonly label: number
  /** [size, size], 0 to 1; null where the net knows no places. */
  readonly heat: Float32Array<ArrayBuffer> | null
  readonly size: number
}

export interface Predictor {
  /** `pixels` u8 [size, size, channels]. CoreError 'bad-data' where they are of another size, 'device-lost'. */
  predict(pixels: Uint8Array<ArrayBuffer>, label?: number): Promise<PhotoPrediction>
  close(): void
}

/** Opens a device and makes the run's net ready. ServiceError 'no-checkpoint', CoreError 'bad-checkpoint'. */
export async function openPredictor(options: HeatMapsOptions): Promise<Predictor> {
  const {
    settings: { size },
  } = await options.client.request('runs.get', { runId: options.runId })
  const maps = await openHeatMaps(options).catch((error: unknown) => {
    if (error instanceof CoreError && error.code === 'bad-model') return null
    throw error
  })
  return maps ? withHeatMaps(maps, size) : withoutHeatMaps(options, size)
}

function withHeatMaps(maps: HeatMaps, size: number): Predictor {
  return {
    predict: async (pixels, label) => ({ ...(await maps.ofPixels(pixels, label)), size }),
    close: () => maps.close(),
  }
}

async function withoutHeatMaps({ client, runId, openDevice }: HeatMapsOptions, size: number): Promise<Predictor> {
  const snapshot = decodeSnapshot(await client.getBytes('checkpoint', { runId, kind: 'best' }))
  const { height, width, channels } = snapshot.model.input
  const device = await openDevice()
  return {
    async predict(pixels, label) {
      if (pixels.length !== height * width * channels)
        throw new CoreError(
          'bad-data',
          `A photo of ${height} x ${width} x ${channels} takes ${height * width * channels} bytes but there are ${pixels.length}.`,
          'Prepare the photo at the size of the model.',
        )
      const photos = { images: pixels, labels: Uint32Array.of(0), height, width, channels }
      const probabilities = await predict(device, snapshot.model, usableWeights(snapshot), photos, Uint32Array.of(0))
      return { probabilities, label: label ?? probabilities.indexOf(Math.max(...probabilities)), heat: null, size }
    },
    close: () => device.destroy(),
  }
}
