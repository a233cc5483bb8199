// Where in a photo a run's net saw a class, on any host: the run's best weights on a device of its own, for as many
// photos as are asked about.

import type { Client } from '../contract/table.ts'
import { createHeatMapper, decodeSnapshot, usableWeights, type Device, type HeatMap } from '../core/index.ts'

export interface HeatMapsOptions {
  readonly client: Client
  readonly runId: number
  /** Called once; `close` destroys what it gave. */
  readonly openDevice: () => Promise<Device>
}

export interface HeatMaps {
  /** `pixels` u8 [size, size, channels] of the run's settings; `label` indexes the run's classes, default the most
   *  probable. */
  ofPixels(pixels: Uint8Array<ArrayBuffer>, label?: number): Promise<HeatMap>
  /** Of a photo of the run, by its row; the pixels are made anew where they are not there any more. ServiceError
   *  'bad-range', 'photos-missing'. */
  ofRow(row: number, label?: number): Promise<HeatMap & { readonly pixels: Uint8Array<ArrayBuffer> }>
  close(): void
}

/** ServiceError 'no-checkpoint'; CoreError 'bad-model' for a net without convolutions. */
export async function openHeatMaps({ client, runId, openDevice }: HeatMapsOptions): Promise<HeatMaps> {
  const snapshot = decodeSnapshot(await client.getBytes('checkpoint', { runId, kind: 'best' }))
  const device = await openDevice()
  try {
    const mapper = await createHeatMapper(device, snapshot.model, usableWeights(snapshot))
    let prepared = false
    return {
      ofPixels: (pixels, label) => mapper.map(pixels, label),
      async ofRow(row, label) {
        if (!prepared) await client.request('runs.prepare', { runId })
        prepared = true
        const pixels = await client.getBytes('pixels', { runId, from: row, count: 1 })
        return { ...(await mapper.map(pixels, label)), pixels }
      },
      close: () => {
        mapper.dispose()
        device.destroy()
      },
    }
  } catch (error) {
    device.destroy()
    throw error
  }
}
