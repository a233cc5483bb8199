// What a library is called on the page: the sample that Winnow makes has a name in the page's language, any other its own.

import { useI18n } from 'vue-i18n'

/** As the service calls the library of sample photos. */
const SAMPLE = 'Sample'

export function useLibraryName() {
  const { t } = useI18n({ useScope: 'global' })
  return (name: string) => (name === SAMPLE ? t('start.sampleName') : name)
}
