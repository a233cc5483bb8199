// Work on a device that may go away: a new one takes its place, but not twice within a minute.

import { CoreError, type Device } from '../core/index.ts'

const lossWindowMs = 60_000

/** What `work` answers; it is begun anew on another device after `onLost` where the device was lost. Each device is
 *  destroyed. */
export async function onReplacedDevice<T>(
  openDevice: () => Promise<Device>,
  work: (device: Device) => Promise<T>,
  onLost: (error: CoreError) => Promise<void> | void,
): Promise<T> {
  let lostAt = -Infinity
  for (;;) {
    const device = await openDevice()
    try {
      return await work(device)
    } catch (error) {
      if (!(error instanceof CoreError && error.code === 'device-lost')) throw error
      const again = performance.now() - lostAt < lossWindowMs
      lostAt = performance.now()
      if (again)
        throw new CoreError(
          'device-lost',
          'The GPU stopped answering twice within a minute.',
          'What was learnt is saved. Update the GPU driver, close other programs that use the GPU, or train on the CPU.',
        )
      await onLost(error)
    } finally {
      device.destroy()
    }
  }
}
