// The same net, first weights, order of photos and rate in Winnow and in PyTorch, and their accuracy after every epoch
// side by side.

import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { clothingLibrary, importClothing } from './clothing.ts'
import type { Story } from './steps/winnow.ts'

interface Epoch {
  readonly epoch: number
  readonly loss: number
  readonly accuracy: number
}

interface Half {
  readonly epochs: readonly Epoch[]
  readonly device: string
  readonly seconds: number
}

/** Rounding sets the two apart a little more with every step, so an epoch may differ; their level may not. */
const mostPoints = 0.03

export async function sideBySide(story: Story): Promise<void> {
  const python = findPython()
  if (!python)
    return story.report.leaveOut(
      'Winnow and PyTorch side by side',
      'no python3 here has torch (Debian: apt install python3-torch)',
    )
  if (!existsSync(clothingLibrary(story))) await importClothing(story)
  const folder = join(story.work, 'side-by-side')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const here = import.meta.dirname
  const winnow = await half(process.execPath, [
    '--import',
    join(here, '..', 'bench', 'raw-imports.ts'),
    join(here, 'side-by-side-winnow.ts'),
    clothingLibrary(story),
    folder,
  ])
  const pytorch = await half(python, [join(here, 'side_by_side.py'), folder])
  printCurves(winnow, pytorch)
  addLine(story, winnow, pytorch)
}

function addLine({ report }: Story, winnow: Half, pytorch: Half): void {
  const apart = Math.abs(meanAccuracy(winnow) - meanAccuracy(pytorch))
  const [a, b] = [winnow.epochs.at(-1)!, pytorch.epochs.at(-1)!]
  report.add({
    what: `Winnow and PyTorch side by side: photo-convnet, ${winnow.epochs.length} epochs`,
    must: `mean accuracies within ${percent(mostPoints)}`,
    seconds: winnow.seconds,
    adapter: winnow.device,
    shown: `last ${percent(a.accuracy)} and ${percent(b.accuracy)}, means ${percent(apart)} apart; PyTorch took ${pytorch.seconds.toFixed(1)} s`,
    held: winnow.epochs.length === pytorch.epochs.length && apart <= mostPoints,
  })
}

function printCurves(winnow: Half, pytorch: Half): void {
  console.log('\n  validation        Winnow             PyTorch\n  epoch        accuracy   loss     accuracy   loss')
  winnow.epochs.forEach((ours, i) => {
    const theirs = pytorch.epochs[i]!
    console.log(
      `  ${String(ours.epoch).padStart(5)}        ${percent(ours.accuracy).padStart(8)}   ${ours.loss.toFixed(3)}    ${percent(theirs.accuracy).padStart(8)}   ${theirs.loss.toFixed(3)}`,
    )
  })
}

/** The first python3 that has torch. */
function findPython(): string | undefined {
  return ['python3', '/usr/bin/python3'].find(command => {
    try {
      execFileSync(command, ['-c', 'import torch'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
}

async function half(command: string, args: readonly string[]): Promise<Half> {
  const began = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = new Promise<number | null>(done => child.once('close', done))
  const epochs: Epoch[] = []
  let device = ''
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as { type: string; name: string } & Epoch
    if (event.type === 'device') device = event.name
    else epochs.push(event)
  }
  const code = await closed
  if (code !== 0) throw new Error(`${command} ended with ${code}.`)
  return { epochs, device, seconds: (performance.now() - began) / 1000 }
}

function meanAccuracy({ epochs }: Half): number {
  return epochs.reduce((sum, { accuracy }) => sum + accuracy, 0) / epochs.length
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`
}
