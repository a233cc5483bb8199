// Who takes part, each in its documented and in its best configuration.

export interface Configuration {
  readonly framework: 'winnow' | 'tfjs' | 'jax-js'
  readonly name: string
}

export const configurations = [
  { framework: 'winnow', name: 'winnow' },
  { framework: 'tfjs', name: 'tfjs documented' },
  { framework: 'tfjs', name: 'tfjs best' },
  { framework: 'jax-js', name: 'jax-js documented' },
  { framework: 'jax-js', name: 'jax-js best' },
] as const satisfies readonly Configuration[]

export type ConfigurationName = (typeof configurations)[number]['name']
