// A small data set that a net must look at to tell apart: stripes across, down and aslant, with noise. Seeded, so tests
// repeat.

import type { ModelDescription, PhotoSet, TrainEvent } from '../../../src/core/index.ts'
import { describePreset, type TrainingOptions, train } from '../../../src/core/index.ts'
import { uniforms } from '../../../src/core/kernels/philox.ts'

export const stripeClasses = ['across', 'down', 'aslant']

/** `count` photos of size x size x channels; class i mod 3. */
export function stripes(count: number, size = 12, channels = 1): PhotoSet {
  const noise = uniforms(11, 9)
  const images = new Uint8Array(count * size * size * channels)
  const labels = Uint32Array.from({ length: count }, (_, i) => i % 3)
  for (let i = 0; i < images.length; i++) {
    const place = Math.floor(i / channels) % (size * size)
    const [x, y] = [place % size, Math.floor(place / size)]
    const along = [y, x, x + y][labels[Math.floor(i / (size * size * channels))]!]!
    images[i] = (along % 4 < 2 ? 150 : 80) + Math.floor(noise() * 60)
  }
  return { images, labels, height: size, width: size, channels }
}

export function rows(from: number, to: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: to - from }, (_, i) => from + i)
}

export function stripeModel(preset: string, size = 12, channels = 1): ModelDescription {
  return describePreset(preset, { height: size, width: size, channels, classes: stripeClasses })
}

export async function eventsOf(options: TrainingOptions, signal?: AbortSignal): Promise<TrainEvent[]> {
  const events: TrainEvent[] = []
  for await (const event of train(options, signal)) events.push(event)
  return events
}

/** The last checkpoint's snapshot. */
export function lastSnapshot(events: readonly TrainEvent[]) {
  return events.filter(event => event.type === 'checkpoint').at(-1)!.snapshot
}
