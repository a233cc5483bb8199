// What every story in the browser starts from: the built app behind its real loopback server, a folder of small made
// photos, and Chromium with WebGPU on its software adapter. Whatever is started is ended, and whatever is written lies
// in a temporary folder.

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { buildIfNeeded } from '../../scripts/build-if-needed.ts'
import { findChromium } from '../../scripts/find-chromium.ts'

export const root = join(import.meta.dirname, '../..')
export const pictures = join(root, 'test-output')

/** WINNOW_BROWSER=none says that the stories are not wanted; without a Chromium they cannot be told (scripts/test.ts
 *  says so loudly). */
const executable = process.env['WINNOW_BROWSER'] === 'none' ? null : findChromium()
export const noBrowser = executable === null

const quiet = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]
const softwareGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-unsafe-swiftshader']

export interface BrowseOptions {
  readonly gpu?: boolean
  readonly locale?: string
  readonly dark?: boolean
  readonly width?: number
  readonly height?: number
}

export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors of the page and refusals of its content policy. */
  readonly complaints: string[]
}

export class App {
  #home: string | undefined
  #service: ChildProcess | null = null
  #addresses: string[] = []
  #browsers = new Map<boolean, Browser>()

  /** Made when it is first asked for: stories that are skipped leave nothing behind. */
  get home(): string {
    return (this.#home ??= mkdtempSync(join(tmpdir(), 'winnow-e2e-')))
  }

  /** Starts the service; the answer is the address with its token. A fixed port lets a restarted service be found
   *  again. */
  async serve({ port = 0, library }: { readonly port?: number; readonly library?: string } = {}): Promise<string> {
    await buildIfNeeded(root)
    const args = [
      join(root, 'out/main/cli.js'),
      'serve',
      '--json',
      '--port',
      String(port),
      ...(library === undefined ? [] : ['-L', library]),
    ]
    this.#service = spawn(process.execPath, args, {
      env: { ...process.env, HOME: this.home, WINNOW_HOME: join(this.home, 'winnow') },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#addresses = []
    return new Promise((resolve, reject) => {
      createInterface(this.#service!.stdout!)
        .on('line', line => {
          const { address } = JSON.parse(line) as { type: string; address?: string }
          if (address === undefined) return
          this.#addresses.push(address)
          resolve(address)
        })
        .once('close', () => reject(new Error('The service ended before it listened.')))
    })
  }

  /** Of the service that runs, with a token that was not used yet. */
  get address(): string {
    return this.#addresses.at(-1)!
  }

  /** A token is good for one browser: the newest address of this service in place of one that may be used up. */
  #unused(address: string): string {
    return this.#addresses.includes(address) ? this.address : address
  }

  /** SIGKILL, as a crash or a lost battery would. */
  async kill(): Promise<void> {
    const service = this.#service
    if (!service || service.exitCode !== null || service.signalCode !== null) return
    const ended = new Promise(resolve => service.once('exit', resolve))
    service.kill('SIGKILL')
    await ended
  }

  async visit(address: string, options: BrowseOptions = {}): Promise<Visit> {
    const { gpu = false, locale = 'en-US', dark = true, width = 1440, height = 900 } = options
    const browser =
      this.#browsers.get(gpu) ??
      (await chromium.launch({
        executablePath: executable!,
        headless: false,
        args: [...quiet, ...(gpu ? softwareGpu : [])],
        env: ownDrivers(),
      }))
    this.#browsers.set(gpu, browser)
    const context = await browser.newContext({
      viewport: { width, height },
      locale,
      colorScheme: dark ? 'dark' : 'light',
      acceptDownloads: true,
    })
    // SwiftShader stands for a GPU here; by itself the page would rather take the processor.
    if (gpu) await context.addInitScript(() => localStorage.setItem('winnow.compute-on', 'gpu'))
    const page = await context.newPage()
    // Generous: other tests share the cores, and a slow machine is no failure.
    page.setDefaultTimeout(60_000)
    const complaints: string[] = []
    page.on('pageerror', error => complaints.push(String(error)))
    page.on('console', message => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    await page.goto(this.#unused(address))
    return { page, context, complaints }
  }

  async close(): Promise<void> {
    for (const browser of this.#browsers.values()) await browser.close()
    await this.kill()
    if (this.#home !== undefined) rmSync(this.#home, { recursive: true, force: true })
  }
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** Waits for the picture to settle, then keeps it under test-output/. */
export async function keep(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true })
  await page.waitForTimeout(350)
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}

export interface MadePhotos {
  readonly folder: string
  readonly photos: number
}

/** Three easily told classes of `each` photos at `size` px, one photo mislabelled, one file cut short and one that is
 *  no image. */
export async function makePhotos(folder: string, each = 16, size = 32): Promise<MadePhotos> {
  const classes = ['apple', 'leaf', 'sky'] as const
  for (const [c, name] of classes.entries()) {
    mkdirSync(join(folder, name), { recursive: true })
    for (let i = 0; i < each; i++) {
      const drawn = name === 'leaf' && i === 0 ? 2 : c
      writeFileSync(
        join(folder, name, `${name}-${String(i).padStart(3, '0')}.png`),
        await picture(drawn, c * 1000 + i, size),
      )
    }
  }
  const whole = await picture(0, 99, size)
  writeFileSync(join(folder, 'apple', 'cut-short.png'), whole.subarray(0, whole.length >> 1))
  writeFileSync(join(folder, 'leaf', 'notes.jpg'), 'This is not a picture.\n')
  return { folder, photos: each * classes.length + 2 }
}

// A ground of the class's colour with noise and a stripe at a place of its own, so that no two are alike.
function picture(kind: number, seed: number, size: number): Promise<Buffer> {
  const pixels = Buffer.alloc(size * size * 3)
  let state = seed * 7919 + 17
  const noise = () => ((state = (state * 1103515245 + 12345) & 0x7fffffff) >> 16) % 60
  const stripe = (seed * 5) % size
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = (y * size + x) * 3
      for (let channel = 0; channel < 3; channel++)
        pixels[at + channel] =
          (channel === kind ? 190 : 40) + noise() + (Math.abs((kind === 1 ? x : y) - stripe) < 3 ? 60 : 0)
    }
  }
  return sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer()
}

/** Chromium brings SwiftShader along; what hides this machine's Vulkan drivers from the rest of the tests would hide
 *  that too. */
function ownDrivers(): NodeJS.ProcessEnv {
  const { VK_DRIVER_FILES: _files, VK_ICD_FILENAMES: _names, ...rest } = process.env
  return rest
}
