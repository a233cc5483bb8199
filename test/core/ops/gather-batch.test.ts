// The batch kernel: the right rows, normalised; each change does what it says; the same photos on every device and
// every time.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createReferenceDevice, type Augmentation, type Chance, type Device } from '../../../src/core/index.ts'
import { zeroStep, type StepValues } from '../../../src/core/kernels/step.ts'
import { gatherBatch } from '../../../src/core/ops/batch/gather-batch.ts'
import { compile } from '../../../src/core/tensor/plan.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { availableDevices, openDevice } from '../devices.ts'
import { units } from '../golden.ts'
import { copy, difference } from './harness.ts'

const [rows, H, W, C, batch] = [9, 6, 7, 3, 4] as const
const images = Uint8Array.from(units('photos', rows * H * W * C), u => Math.floor(u * 256))
const identity = { mean: [0, 0, 0], std: [1, 1, 1] }
const always = (low: number, high: number): Chance => ({ probability: 1, range: [low, high] })
const whole: StepValues = { ...zeroStep, seed: 3, batchStart: 4, batchCount: batch }

async function gather(
  device: Device,
  augmentation: Augmentation | undefined,
  step: StepValues = whole,
  normalise: { mean: number[]; std: number[] } = identity,
) {
  const trace = new Trace({ training: true })
  const data = trace.state('images', [rows, H, W, C], 'u8', values => values.set(images))
  const order = trace.state('order', [rows], 'u32', values => values.set([8, 0, 1, 2, 3, 4, 5, 6, 7]))
  const classes = trace.state('classes', [rows], 'u32', values => values.set([0, 1, 2, 0, 1, 2, 0, 1, 2]))
  const numbers = trace.state('numbers', [rows], 'u32', values =>
    values.set([11, 22, 33, 44, 55, 66, 77, 88, 0xfffffff7]),
  )
  const { x, labels, mixed } = gatherBatch(data, order, classes, {
    batch,
    ...normalise,
    ...(augmentation && { augmentation: { changes: augmentation, numbers } }),
  })
  copy(x, trace.state('x', x.shape, 'f32'))
  for (const [name, tensor] of Object.entries({ labels, ...mixed }))
    copy({ ...trace.alias(tensor, tensor.shape), type: 'f32' }, trace.state(name, [batch], 'f32'))
  const store = new Store(device, 1)
  const plan = await compile(device, trace, store)
  plan.run(step)
  const words = async (name: string) => [...new Uint32Array((await store.read(name)).buffer)]
  const result = {
    x: await store.read('x'),
    labels: await words('labels'),
    others: mixed ? await words('others') : [],
    shares: mixed ? [...(await store.read('shares'))] : [],
  }
  plan.dispose()
  store.dispose()
  return result
}

const photo = (row: number) => [...images.slice(row * H * W * C, (row + 1) * H * W * C)].map(value => value / 255)
const size = H * W * C

describe('gather batch', () => {
  const cpu = createReferenceDevice()
  let devices: Device[] = []
  beforeAll(async () => {
    devices = await Promise.all((await availableDevices()).map(openDevice))
  })
  afterAll(() => devices.forEach(device => device.destroy()))

  it('takes the rows of the order from the start on, and repeats the last that counts', async () => {
    for (const device of devices) {
      const { x, labels } = await gather(device, undefined, { ...whole, batchCount: 3 })
      expect(labels).toEqual([0, 1, 2, 2])
      expect(difference(x, [3, 4, 5, 5].flatMap(photo))).toBeLessThan(1e-6)
    }
  })

  it('normalises by channel', async () => {
    const { x } = await gather(cpu, undefined, whole, { mean: [0.1, 0.2, 0.3], std: [0.5, 0.25, 0.125] })
    expect(x[4]).toBeCloseTo((photo(3)[4]! - 0.2) / 0.25, 5)
  })

  it.each<[string, Augmentation, number]>([
    [
      'mirror and shift',
      { flip: { probability: 0.5 }, 'flip-vertical': { probability: 0.5 }, shift: always(-0.4, 0.4) },
      1e-5,
    ],
    ['turn, scale, crop', { rotate: always(-30, 30), scale: always(0.7, 1.4), crop: always(0.3, 1) }, 1e-4],
    [
      'colours',
      { brightness: always(0.8, 1.2), contrast: always(0.5, 1.5), saturation: always(0, 2), hue: always(-90, 90) },
      1e-5,
    ],
    ['cutout and noise', { flip: { probability: 0.5 }, cutout: always(0.2, 0.6), noise: always(0, 0.2) }, 1e-4],
    [
      'all, now and then, and mixed',
      {
        ...Object.fromEntries(
          Object.entries({
            rotate: [-10, 10],
            shift: [-0.2, 0.2],
            crop: [0.5, 1],
            brightness: [0.5, 1.5],
            cutout: [0.1, 0.5],
            noise: [0, 0.1],
          } as const).map(([kind, range]) => [kind, { probability: 0.5, range }]),
        ),
        mixup: 0.4,
        cutmix: true,
      },
      1e-4,
    ],
  ])('%s: the same on every device, another in each epoch', async (_, augmentation, tolerance) => {
    const expected = await gather(cpu, augmentation)
    for (const device of devices) {
      const { x, shares, ...labels } = await gather(device, augmentation)
      expect(difference(x, expected.x)).toBeLessThan(tolerance)
      expect(labels).toEqual({ labels: expected.labels, others: expected.others })
      shares.forEach((share, n) => expect(share).toBeCloseTo(expected.shares[n]!, 6))
    }
    expect((await gather(cpu, augmentation, { ...whole, epoch: 1 })).x).not.toEqual(expected.x)
    expect((await gather(cpu, {})).x).not.toEqual(expected.x)
  })

  it('mirrors half of the photos exactly', async () => {
    const mirrored = Array.from(
      { length: size },
      (_, i) => photo(3)[(Math.floor(i / (W * C)) * W + W - 1 - (Math.floor(i / C) % W)) * C + (i % C)]!,
    )
    let count = 0
    for (let epoch = 0; epoch < 40; epoch++) {
      const first = (await gather(cpu, { flip: { probability: 0.5 } }, { ...whole, epoch })).x.slice(0, size)
      const isMirrored = difference(first, mirrored) < 1e-6
      expect(isMirrored || difference(first, photo(3)) < 1e-6).toBe(true)
      count += Number(isMirrored)
    }
    expect(count).toBeGreaterThan(10)
    expect(count).toBeLessThan(30)
  })

  it('changes nothing when nothing may change, and stays within 0..1', async () => {
    for (const nothing of [
      {},
      {
        rotate: always(0, 0),
        scale: always(1, 1),
        crop: always(1, 1),
        shift: always(0, 0),
        saturation: always(1, 1),
        hue: always(0, 0),
        noise: { probability: 0, range: [1, 1] },
      },
    ] as const) {
      expect(difference((await gather(cpu, nothing)).x, [3, 4, 5, 6].flatMap(photo))).toBeLessThan(1e-6)
    }
    const { x } = await gather(cpu, { brightness: always(0.2, 2), contrast: always(0.2, 2), noise: always(0.5, 0.5) })
    expect(Math.min(...x)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...x)).toBeLessThanOrEqual(1)
  })

  it('draws by the photo and not by its place in the batch', async () => {
    const augmentation: Augmentation = { rotate: always(-90, 90), noise: always(0.1, 0.1) }
    const there = (await gather(cpu, augmentation)).x.slice(size, 2 * size)
    const first = (await gather(cpu, augmentation, { ...whole, batchStart: 5, batchCount: 1 })).x.slice(0, size)
    expect(first).toEqual(there)
  })

  it('blends two photos of the batch by the share the loss is told', async () => {
    const { x, labels, others, shares } = await gather(cpu, { mixup: 0.5 })
    for (let n = 0; n < batch; n++) {
      const candidates = [3, 4, 5, 6].filter(row => row !== 3 + n && row % 3 === others[n])
      const blends = candidates.map(row =>
        photo(3 + n).map((own, i) => own * shares[n]! + photo(row)[i]! * (1 - shares[n]!)),
      )
      expect(Math.min(...blends.map(blend => difference(x.slice(n * size, (n + 1) * size), blend)))).toBeLessThan(1e-5)
      expect(shares[n]).toBeGreaterThanOrEqual(0.5)
    }
    expect(labels).toEqual([0, 1, 2, 0])
  })

  it('pastes as much of the other photo as the share says', async () => {
    const { x, shares } = await gather(cpu, { cutmix: true })
    for (let n = 0; n < batch; n++) {
      const own = photo(3 + n)
      const foreign = Array.from({ length: H * W }, (_, p) =>
        [0, 1, 2].some(c => Math.abs(x[n * size + p * C + c]! - own[p * C + c]!) > 1e-5),
      ).filter(Boolean)
      expect(foreign.length / (H * W)).toBeCloseTo(1 - shares[n]!, 6)
    }
  })
})
