// vue-i18n with Korean and English complete; English is the measure the Korean type must meet. Errors and reasons of
// the services are English sentences with values; in Korean they are looked up by code (ko-codes.ts) and fall back to
// the English sentence.

import { createI18n } from 'vue-i18n'
import { frame as enFrame } from './en/frame.ts'
import { keys as enKeys } from './en/keys.ts'
import { models as enModels } from './en/models.ts'
import { photos as enPhotos } from './en/photos.ts'
import { using as enUsing } from './en/using.ts'
import { review as enReview } from './en/review.ts'
import { frame as koFrame } from './ko/frame.ts'
import { keys as koKeys } from './ko/keys.ts'
import { models as koModels } from './ko/models.ts'
import { photos as koPhotos } from './ko/photos.ts'
import { using as koUsing } from './ko/using.ts'
import { review as koReview } from './ko/review.ts'

export const en = { ...enFrame, ...enPhotos, ...enModels, ...enReview, ...enKeys, ...enUsing }
export type Messages = typeof en
export const ko: Messages = { ...koFrame, ...koPhotos, ...koModels, ...koReview, ...koKeys, ...koUsing }

export const locales = ['ko', 'en'] as const
export type Locale = (typeof locales)[number]

/** The language to begin with: the first of the browser's that Winnow speaks. */
export function preferredLocale(languages: readonly string[]): Locale {
  const known = languages.map(language => language.slice(0, 2).toLowerCase())
  return known.find((language): language is Locale => language === 'ko' || language === 'en') ?? 'en'
}

export function createTranslations(locale: Locale) {
  return createI18n({
    legacy: false,
    locale,
    fallbackLocale: 'en',
    messages: { en, ko },
    missingWarn: false,
    fallbackWarn: false,
  })
}

export type Translations = ReturnType<typeof createTranslations>
