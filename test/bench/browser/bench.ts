// The steps of the web frameworks in Chromium: `npm run bench -- --browser`. Vite builds the page, each contender has a
// tab of its own, and blocks take turns. Chromium's software GPU (SwiftShader) is far slower than Mesa's, so there the
// tiny workload is the default.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { build } from 'vite'
import { findChromium } from '../../../scripts/find-chromium.ts'
import { fetchPeers, missing, origin, sectionText } from '../training/bench.ts'
import { configurations, type WebConfigurationName } from '../frameworks/names.ts'
import { raceRunners, type Runner } from '../training/race.ts'
import { appendResults, stepLine, stepTable } from '../measuring/results.ts'
import { writeSection } from '../measuring/sections.ts'
import { flopPerStep } from '../measuring/work.ts'
import { workload, type WorkloadName } from '../training/workload.ts'
import type { BenchPage } from './page.ts'

export interface BrowserBenchOptions {
  readonly only: readonly string[] | undefined
  readonly frameworks: readonly string[] | undefined
}

const flags = ['--no-sandbox', '--enable-unsafe-webgpu', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist']

/** Rejects where there is no Chromium. */
export async function benchBrowser({ only = ['tiny'], frameworks }: BrowserBenchOptions): Promise<void> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('These figures need a Chromium.')
  fetchPeers()
  const folder = mkdtempSync(join(tmpdir(), 'winnow-bench-page-'))
  await buildPage(folder)
  const server = await serve(folder)
  const browser = await chromium.launch({ executablePath, args: flags })
  try {
    for (const name of only as readonly WorkloadName[])
      await benchWorkload(browser, addressOf(server), name, frameworks)
  } finally {
    await browser.close()
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function benchWorkload(
  browser: Browser,
  address: string,
  name: WorkloadName,
  frameworks: readonly string[] | undefined,
): Promise<void> {
  const load = workload(name)
  const chosen = configurations.filter(
    ({ framework }) => !framework.startsWith('torch') && (!frameworks || frameworks.includes(framework)),
  )
  let adapter = { name: 'unknown', software: true }
  const start = async (configuration: (typeof chosen)[number]): Promise<Runner> => {
    const page = await browser.newPage()
    await page.goto(address)
    const opened = await page.evaluate(
      ([configuration, load]) => (globalThis as unknown as { bench: BenchPage }).bench.open(configuration, load),
      [configuration.name as WebConfigurationName, name] as const,
    )
    adapter = { name: `${opened.adapter}, Chromium ${browser.version()}`, software: opened.software }
    return runnerOf(page, configuration, opened.openMs)
  }
  const plan = { checked: 20, steps: 10, blocks: 5 }
  const finishes = await raceRunners(chosen, start, plan, text => console.log(text))
  const title = `${load.name}, in Chromium`
  const text = sectionText(origin(adapter), 'a tab each', {
    title,
    text: stepTable(finishes, 0, 0) + missing(chosen, finishes),
  })
  console.log(`\n${text}`)
  appendResults(finishes.map(finish => stepLine(origin(adapter), title, finish, flopPerStep(load), 0)))
  if (!frameworks) writeSection({ part: name, way: 'Chromium', adapter }, text)
}

function runnerOf(page: Page, configuration: Runner['configuration'], openMs: number): Runner {
  return {
    configuration,
    openMs,
    run: request => page.evaluate(asked => (globalThis as unknown as { bench: BenchPage }).bench.run(asked), request),
    close: () => void page.close(),
  }
}

async function buildPage(outDir: string): Promise<void> {
  const modules = join(import.meta.dirname, '..', 'peers', 'node_modules')
  await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'error',
    base: './',
    resolve: { alias: { '@tensorflow': join(modules, '@tensorflow'), '@jax-js': join(modules, '@jax-js') } },
    build: { outDir, emptyOutDir: true, target: 'esnext', chunkSizeWarningLimit: 5000 },
  })
}

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' }

/** On localhost, a secure context, which WebGPU asks for. */
function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const file = join(folder, path === '/' ? 'index.html' : path)
    try {
      const body = readFileSync(file)
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server)))
}

function addressOf(server: Server): string {
  const address = server.address()
  return `http://localhost:${typeof address === 'object' ? address!.port : ''}/`
}
