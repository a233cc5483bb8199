// What a training run can be asked for: the schema of the table of settings (contract/settings/table.ts), which says of
// each what it means, its bounds and what holds where it is left out. docs/training.md is the list for people.

import { z } from 'zod'
import { AugmentationRecipe } from '../augmentation.ts'
import type { Setting } from '../settings/kinds.ts'
import { fitNames } from '../settings/names.ts'
import { settingKeys, settingOf, type SettingTable } from '../settings/table.ts'

export const FitName = z.enum(fitNames)
export type FitName = z.infer<typeof FitName>

type ValueOf<S> = S extends { readonly kind: 'number' | 'run' }
  ? number
  : S extends { readonly kind: 'choice'; readonly values: readonly (infer Value)[] }
    ? Value
    : S extends { readonly kind: 'stages' }
      ? 'backbone' | number
      : S extends { readonly kind: 'flag' }
        ? boolean
        : S extends { readonly kind: 'recipe' }
          ? AugmentationRecipe
          : string

type SchemaOf<S> = S extends { readonly required: true } ? z.ZodType<ValueOf<S>> : z.ZodOptional<z.ZodType<ValueOf<S>>>

function schemaOf(setting: Setting): z.ZodType {
  switch (setting.kind) {
    case 'number':
      return numberSchema(setting)
    case 'choice':
      return z.literal([...setting.values])
    case 'preset':
      return z.string().max(setting.maxLength)
    case 'stages':
      return z.union([z.literal([...setting.values]), z.number().int().min(1).max(setting.max)])
    case 'file':
      return z.string().min(1).max(setting.maxLength)
    case 'run':
      return z.number().int()
    case 'flag':
      return z.boolean()
    case 'recipe':
      return AugmentationRecipe
  }
}

function numberSchema({ min, max, above, whole }: Setting & { readonly kind: 'number' }): z.ZodType {
  const number = whole ? z.number().int() : z.number()
  return (above ? number.gt(min) : number.min(min)).max(max)
}

const shape = Object.fromEntries(
  settingKeys.map(key => {
    const setting = settingOf(key)
    return [key, setting.required ? schemaOf(setting) : schemaOf(setting).optional()]
  }),
) as unknown as { [Key in keyof SettingTable]: SchemaOf<SettingTable[Key]> }

/** What one training run is asked to do. The service adds the label revision and the rows; core builds `preset` at this
 *  size. */
export const RunSettings = z.object(shape)
export type RunSettings = z.infer<typeof RunSettings>
