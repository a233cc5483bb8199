// What the service offers about backbones. How far a fetch is stands in the list.

import type { Service } from '../../contract/table.ts'
import { backboneId, type BackboneStore } from './backbone-store.ts'

type BackboneRequestName = Extract<keyof Service['requests'], `backbones.${string}`>

export function backboneRequests(store: BackboneStore): Pick<Service['requests'], BackboneRequestName> {
  return {
    'backbones.list': () => store.list(),
    'backbones.get': ({ name }, signal) => store.get(name, signal),
    'backbones.identify': ({ name }) => ({ id: backboneId(store.read(name)) }),
    'backbones.remove': ({ name }) => {
      store.remove(name)
      return {}
    },
  }
}
