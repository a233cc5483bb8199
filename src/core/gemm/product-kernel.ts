// A kernel whose shader is that of a product, cut for the device.

import { kernel, type Grid, type Kernel, type Target, type Twin } from '../gpu/kernel.ts'
import { emit } from './emit.ts'
import type { Emitted, Product } from './product.ts'
import type { Numbers } from './stage.ts'
import { cutKey, pickVariant } from './variants.ts'

/** A kernel made from a product; tuning measures the products of a plan. */
export interface ProductKernel<B extends string = string> extends Kernel<B> {
  /** The product for the constants of a call. */
  readonly product: (constants: Numbers) => Product
}

export function productKernel<B extends string>(
  name: string,
  bindings: Kernel<B>['bindings'],
  product: (c: Numbers) => Product,
  twin: Twin<B>,
  options: Pick<Kernel<B>, 'step' | 'half'> = {},
): ProductKernel<B> {
  const emitted = (c: Numbers, target: Target): Emitted => {
    const made = product(c)
    return emit(made, target.cuts?.get(cutKey(name, c)) ?? pickVariant(made, target))
  }
  return {
    ...kernel({
      name,
      bindings,
      source: (c, target) => emitted(c, target).wgsl,
      grid: (c, target): Grid => emitted(c, target).workgroups,
      twin,
      divisible: true,
      work: c => workOf(product(c)),
      ...options,
    }),
    product,
  }
}

function workOf({ m, n, k, slices }: Product): number {
  return m * n * k * slices
}

export function isProductKernel(kernel: Kernel): kernel is ProductKernel {
  return 'product' in kernel
}
