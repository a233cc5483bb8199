// Addresses of the page: the five stages and the start, in the hash, so that they work under http and app: alike.

import { createRouter, createWebHashHistory } from 'vue-router'
import type { RouteRecordRaw } from 'vue-router'
import { stageTable } from '../contract/stages.ts'
import type { Stage } from '../contract/stages.ts'

const stageViews: Readonly<Record<Stage, () => Promise<unknown>>> = {
  library: () => import('./views/LibraryView.vue'),
  clean: () => import('./views/CleanView.vue'),
  train: () => import('./views/TrainView.vue'),
  review: () => import('./views/ReviewView.vue'),
  models: () => import('./views/ModelsView.vue'),
}

const views: RouteRecordRaw[] = [
  { path: '/start', name: 'start', component: () => import('./views/StartView.vue') },
  ...stageTable.map(({ name, path }) => ({ path, name, component: stageViews[name] })),
  { path: '/:rest(.*)*', redirect: '/library' },
]

/** Begins to load the file of the view that an address leads to, so that it comes while the service is asked for its
 *  library. */
export function preloadView(hash: string): void {
  const name = /^#\/(\w+)/.exec(hash)?.[1] ?? 'library'
  const load = views.find(view => view.name === name)?.component as (() => Promise<unknown>) | undefined
  void load?.().catch(() => {})
}

/** `hasLibrary` says whether a library is open; without one every address leads to the start. An address that names no
 *  stage leads to `first`. */
export function createPageRouter(hasLibrary: () => Promise<boolean>, first: () => Stage) {
  const routes: RouteRecordRaw[] = [{ path: '/', redirect: () => ({ name: first() }) }, ...views]
  const router = createRouter({ history: createWebHashHistory(), routes })
  router.beforeEach(async to => {
    if (to.name === 'start' || (await hasLibrary())) return true
    return { name: 'start' }
  })
  return router
}
