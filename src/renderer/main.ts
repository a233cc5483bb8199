// Starts the page: connection, stores, languages, keys, router. Nothing here waits for a GPU or for the library's
// photos.

import { createPinia } from 'pinia'
import { createApp, shallowRef, watch } from 'vue'
import App from './App.vue'
import { connectionKey } from './api/client-key.ts'
import { connect } from './api/connect.ts'
import { keepPreferences, restorePreferences } from './api/preferences.ts'
import { createTranslations } from './i18n/index.ts'
import { createRegistry } from './keyboard/registry.ts'
import type { ShortcutScope } from './keyboard/registry.ts'
import { keyboardKey } from './keyboard/use-shortcuts.ts'
import { stages } from '../contract/stages.ts'
import { createPageRouter, preloadView } from './router.ts'
import { useLibraryStore } from './stores/library/library.ts'
import { useSavedRoutesStore } from './stores/shell/saved-routes.ts'
import { useSettingsStore } from './stores/shell/settings.ts'
import { useTrainingStore } from './stores/training/training.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/frame.css'

const app = createApp(App)
const pinia = createPinia()
const i18n = createTranslations('en')
const connection = connect(window)
app.use(pinia).use(i18n).provide(connectionKey, connection)

preloadView(location.hash)
await restorePreferences(connection.client, localStorage)
keepPreferences(connection.client, localStorage, window)

const settings = useSettingsStore(pinia)
watch(
  () => settings.locale,
  locale => {
    i18n.global.locale.value = locale
    connection.menu?.setLanguage(locale)
  },
  { immediate: true },
)

const active = shallowRef<readonly ShortcutScope[]>([])
const registry = createRegistry({ singleKeys: () => settings.singleKeys, remapped: () => settings.keys }, () => {
  active.value = registry.active()
})
app.provide(keyboardKey, { registry, active })
window.addEventListener('keydown', event => registry.handle(event))

const library = useLibraryStore(pinia)
const router = createPageRouter(
  async () => {
    if (!library.known) await library.refresh()
    return library.summary !== null
  },
  () => settings.lastStage,
)
router.beforeEach((to, from) => {
  if (to.name !== from.name) useSavedRoutesStore(pinia).leave(from, history.state)
})
router.afterEach(to => {
  settings.lastStage = stages.find(stage => stage === to.name) ?? settings.lastStage
})
app.use(router)
app.mount('#app')

const training = useTrainingStore(pinia)
requestIdleCallback(() => training.wake(), { timeout: 1500 })
// The desktop shell asks by itself before it closes a window that trains.
if (!('winnowDesktop' in window))
  window.addEventListener('beforeunload', event => {
    if (training.busy) event.preventDefault()
  })
