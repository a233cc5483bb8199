// Devices with less room than the real ones.

import { CoreError, type Device } from '../../../src/core/index.ts'

/** The device, whose bindings hold so many bytes at most. */
export function limited(device: Device, maxBindingBytes: number): Device {
  return new Proxy(device, {
    get(target, name: keyof Device) {
      if (name === 'info') return { ...target.info, maxBindingBytes }
      const value = target[name]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** The device, with room for so many bytes in all. */
export function withRoom(device: Device, room: number): Device {
  return new Proxy(device, {
    get(target, name: keyof Device) {
      if (name === 'createBuffers')
        return async (requests: Parameters<Device['createBuffers']>[0]) => {
          const wanted = requests.reduce((sum, { bytes }) => sum + bytes, 0)
          if (target.counters.bufferBytes + wanted > room)
            throw new CoreError('out-of-memory', 'The GPU has no room (said by the test).', 'Choose a smaller batch.')
          return target.createBuffers(requests)
        }
      const value = target[name]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
