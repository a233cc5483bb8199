// How stores and components reach the service: one connection, provided by main.ts (or by a test) and injected here.

import { inject } from 'vue'
import type { InjectionKey, Ref } from 'vue'
import type { Client } from '../../contract/table.ts'

/** 'refused' means the service answered and would not have us: trying again does not help. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused'

/** Ids of folders by way of the desktop shell: of dropped files, or from the system's dialog. What has no path is left
 *  out. */
export interface DesktopFolders {
  grant(files: readonly File[]): Promise<readonly FolderPlace[]>
  chooseFolders(): Promise<readonly FolderPlace[]>
}

/** The menu of the desktop shell: it speaks the page's language and asks the page for what it offers. */
export interface DesktopMenu {
  setLanguage(language: string): void
  onCommand(listener: (command: string) => void): void
}

export interface FolderPlace {
  readonly id: string
  readonly name: string
}

export interface Connection {
  readonly client: Client
  readonly state: Readonly<Ref<ConnectionState>>
  /** Counts the times the service answered again after it was lost: whoever shows its data reads it anew. */
  readonly epoch: Readonly<Ref<number>>
  /** Hands a training worker its own way to the service. */
  connectWorker(worker: Worker): void
  /** Null in a browser tab, which is not told where a folder lies. */
  readonly folders: DesktopFolders | null
  /** Null in a browser tab. */
  readonly menu: DesktopMenu | null
}

export const connectionKey: InjectionKey<Connection> = Symbol('connection')

export function useConnection(): Connection {
  const connection = inject(connectionKey)
  if (!connection) throw new Error('No connection was provided to this part of the page.')
  return connection
}

export function useClient(): Client {
  return useConnection().client
}
