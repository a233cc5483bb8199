// Remembers how the hot kernels are best cut on a machine's GPU: the service keeps the text, for adapter and driver.

import type { Client } from '../contract/table.ts'
import type { Tuning } from '../core/index.ts'

type AdapterInfo = Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'>

/** What a device needs to find its cuts. `runtime` is what stands between program and driver, such as the browser with
 *  its version: an update of either may change what is fast. A software GPU takes seconds to compile a candidate, so
 *  there nothing is measured unless asked for (`winnow tune`). */
export function tuningCache(client: Client): (info: AdapterInfo, runtime: string, software: boolean) => Tuning {
  return (info, runtime, software) => {
    const adapter = [info.vendor, info.architecture, info.device, info.description, runtime].join(' | ')
    return {
      measures: !software,
      memory: {
        adapter,
        load: async () => (await client.request('cuts.load', { adapter })).text ?? undefined,
        save: async text => void (await client.request('cuts.save', { adapter, text })),
      },
    }
  }
}
