// Addresses of the page: the five stages and the start, in the hash, so that they work under http and app: alike.

import { createRouter, createWebHashHistory } from 'vue-router'
import type { RouteRecordRaw } from 'vue-router'

export const stages = ['library', 'clean', 'train', 'review', 'models'] as const
export type Stage = (typeof stages)[number]

const views: RouteRecordRaw[] = [
  { path: '/start', name: 'start', component: () => import('./views/StartView.vue') },
  { path: '/library', name: 'library', component: () => import('./views/LibraryView.vue') },
  { path: '/clean/:problem?', name: 'clean', component: () => import('./views/CleanView.vue') },
  { path: '/train/:runId(\\d+)?', name: 'train', component: () => import('./views/TrainView.vue') },
  { path: '/review/:runId(\\d+)?', name: 'review', component: () => import('./views/ReviewView.vue') },
  { path: '/models/:runId(\\d+)?', name: 'models', component: () => import('./views/ModelsView.vue') },
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
