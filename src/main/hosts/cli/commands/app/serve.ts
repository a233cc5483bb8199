// winnow serve: the browser host. Prints the address to open and serves until Ctrl+C.

import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { ServiceError } from '../../../../../contract/errors.ts'
import { createAppService } from '../../../../app/app-service.ts'
import { writeOpeningPage, type OpeningPage } from '../../../loopback/opening-page.ts'
import { startLoopback } from '../../../loopback/server.ts'
import { readPageFiles } from '../../../page-files.ts'
import { libraryPath, serviceOptions, type CommandContext } from '../../context.ts'
import { whole } from '../../options.ts'

interface ServeOptions {
  readonly library?: string
  readonly port: number
  readonly open?: boolean
}

export function addServe(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('serve')
    .description('show the app in a browser on this machine')
    .option('-L, --library <folder>', 'the library to open; without it the page offers the recent ones')
    .option('--port <n>', 'a port; 0 takes a free one', whole(0, 65_535), 0)
    .option('--open', 'open the browser as well')
    .action((options: ServeOptions) => run(context => serveUntilStopped(context, options)))
}

async function serveUntilStopped(
  { host, output, signal }: CommandContext,
  { library, port, open = false }: ServeOptions,
): Promise<void> {
  const service = createAppService({ ...serviceOptions(host, 'browser'), reveal: showFolder })
  let opening: OpeningPage | null = null
  try {
    if (library !== undefined) await service.openLibraryAt(libraryPath(resolve(host.cwd, library)))
    const onNewAddress = (address: string) => {
      opening?.remove()
      output.result(`That address is used up. For another browser: ${address}`, { type: 'listening', address })
    }
    const loopback = await startLoopback({ service, files: readPageFiles(host.files.page), port, onNewAddress }).catch(
      portError(port),
    )
    output.result(
      [
        `Winnow is at ${loopback.address}`,
        'The address holds a token: it is for you alone, and good for one browser. Ctrl+C ends it.',
      ],
      { type: 'listening', address: loopback.address },
    )
    if (open) opening = await openBrowser(loopback.address)
    await stopped(signal)
    await loopback.close()
  } finally {
    opening?.remove()
    await service.close()
  }
}

/** Null where nothing could be written or no browser started: the printed address is the other way. */
async function openBrowser(address: string): Promise<OpeningPage | null> {
  const { default: open } = await import('open')
  try {
    const page = writeOpeningPage(address)
    const browser = await open(page.file).catch(() => null)
    browser?.on('error', () => {})
    return page
  } catch {
    return null
  }
}

/** Browsers cannot do it: the system's file manager shows the folder. */
async function showFolder(path: string): Promise<void> {
  const { default: open } = await import('open')
  const manager = await open(dirname(path))
  manager.on('error', () => {})
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise(resolve =>
    signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
  )
}

function portError(port: number): (error: unknown) => never {
  return error => {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    throw new ServiceError(
      'port-taken',
      `The port ${port} cannot be used (${code}).`,
      'Leave out --port, or name another one above 1023.',
    )
  }
}
