// Who takes part, each in its documented and in its best configuration.

export interface Configuration {
  readonly framework: 'winnow' | 'tfjs' | 'jax-js' | 'torch-cpu' | 'torch-cuda'
  readonly name: string
  /** How far its losses may be from Winnow's, as a share of them. Default 1e-3: sums in another order. */
  readonly tolerance?: number
}

export const configurations = [
  { framework: 'winnow', name: 'winnow' },
  { framework: 'tfjs', name: 'tfjs documented' },
  { framework: 'tfjs', name: 'tfjs best' },
  { framework: 'jax-js', name: 'jax-js documented' },
  { framework: 'jax-js', name: 'jax-js best' },
  { framework: 'torch-cpu', name: 'torch-cpu documented' },
  { framework: 'torch-cpu', name: 'torch-cpu best' },
  { framework: 'torch-cuda', name: 'torch-cuda documented' },
  { framework: 'torch-cuda', name: 'torch-cuda best' },
] as const satisfies readonly Configuration[]

/** Winnow in half precision: asked for by `--precision f16`, beside Winnow as the peers are compared with it. */
export const halfPrecision = {
  framework: 'winnow',
  name: 'winnow f16',
  tolerance: 0.02,
} as const satisfies Configuration

/** On the processor: `bench -- cpu`. The first is what the others' losses are held against. */
export const cpuConfigurations = [
  { framework: 'winnow', name: 'winnow cpu' },
  { framework: 'winnow', name: 'winnow cpu single' },
  { framework: 'winnow', name: 'winnow' },
  { framework: 'winnow', name: 'winnow reference' },
  { framework: 'torch-cpu', name: 'torch-cpu best' },
  { framework: 'torch-cpu', name: 'torch-cpu best single' },
  { framework: 'jax-js', name: 'jax-js wasm' },
] as const satisfies readonly Configuration[]

/** All but those of the processor. */
export function needsGpu(name: string): boolean {
  return name === 'winnow' || !cpuConfigurations.some(configuration => configuration.name === name)
}

type CpuConfigurationName = Exclude<(typeof cpuConfigurations)[number]['name'], `torch${string}`>

export type ConfigurationName = (typeof configurations)[number]['name']
/** Those that WebGPU runs, in Node or in a page. */
export type WebConfigurationName =
  | Exclude<ConfigurationName, `torch${string}`>
  | typeof halfPrecision.name
  | CpuConfigurationName
