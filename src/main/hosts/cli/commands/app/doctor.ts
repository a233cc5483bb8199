// winnow doctor: what Winnow finds on this machine, and what to do where something is missing.

import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, statfsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { cpuAbilities } from '../../../../../core/cpu/wasm-module.ts'
import { findGpu, howToGetAGpu, openDevice, type NodeGpu } from '../../../gpu-node.ts'
import type { CommandContext } from '../../context.ts'
import type { CliHost } from '../../host.ts'

/** One line of the report; `fix` says what to do where something is missing. */
interface Finding {
  readonly name: string
  readonly value: string
  readonly fix?: string
}

const packages = ['better-sqlite3', 'sharp', 'webgpu', 'onnxruntime-web', 'electron'] as const
const shownLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
] as const

export function addDoctor(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('doctor')
    .description('show GPU, drivers and versions, and what to do where something is missing')
    .action(() =>
      run(async ({ host, output }) => {
        const found = await findGpu()
        const findings = [
          ...versions(host),
          ...(await gpuFindings(found)),
          await processorFinding(),
          ...driverFindings(found !== null),
          ...placeFindings(host),
        ]
        for (const { name, value, fix } of findings)
          output.result([`${name.padEnd(24)} ${value}`, ...(fix ? [`${' '.repeat(25)}-> ${fix}`] : [])], {
            type: 'finding',
            name,
            value,
            fix: fix ?? null,
          })
      }),
    )
}

function versions({ version, files }: CliHost): Finding[] {
  const own = [
    { name: 'Winnow', value: version },
    { name: 'Node', value: `${process.versions.node} (${process.platform} ${process.arch})` },
  ]
  return [
    ...own,
    ...packages.map(name => ({ name, value: packageVersion(files.root, name) })),
    electronFinding(files.root),
  ]
}

function packageVersion(root: string, name: string): string {
  try {
    return (JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string })
      .version
  } catch {
    return 'not installed (run npm install)'
  }
}

function electronFinding(root: string): Finding {
  const there = existsSync(join(root, 'node_modules', 'electron', 'path.txt'))
  return there
    ? { name: 'desktop shell', value: 'there' }
    : {
        name: 'desktop shell',
        value: 'not fetched',
        fix: 'npm start fetches it; where that cannot be, the app opens in the browser.',
      }
}

async function gpuFindings(found: NodeGpu | null): Promise<Finding[]> {
  if (!found) return [{ name: 'GPU', value: 'none: training runs on the processor', fix: howToGetAGpu }]
  const kind = found.software ? ' (software: the processor pretends to be a GPU)' : ''
  const gpu: Finding = {
    name: 'GPU',
    value: `${found.name}${kind}`,
    ...(found.software && { fix: `Training takes the processor itself, which is faster. ${howToGetAGpu}` }),
  }
  const features = ['shader-f16', 'timestamp-query', 'subgroups'].filter(name => found.adapter.features.has(name))
  return [
    gpu,
    { name: 'GPU features', value: features.join(', ') || 'none of those Winnow can use' },
    ...limitFindings(found),
    await selfTest(),
  ]
}

/** What the processor computes with, and what a newer runtime would add. */
async function processorFinding(): Promise<Finding> {
  const { simd } = await cpuAbilities()
  const name = 'processor'
  if (simd === 'none')
    return { name, value: 'no vector instructions: training is very slow', fix: 'Use a processor with SIMD.' }
  const threads = availableParallelism()
  const value = `${threads} thread${threads === 1 ? '' : 's'}, ${simd === 'relaxed' ? 'relaxed' : 'plain'} SIMD`
  return { name, value }
}

function limitFindings({ adapter }: NodeGpu): Finding[] {
  return shownLimits.map(name => ({ name, value: String(adapter.limits[name]) }))
}

/** Writes to the GPU and reads back. */
async function selfTest(): Promise<Finding> {
  try {
    const device = await openDevice('gpu')
    const [buffer] = await device.createBuffers([{ bytes: 16, label: 'doctor' }])
    device.write(buffer!, 0, Uint32Array.of(1, 2, 3, 4))
    const back = new Uint32Array(await device.read(buffer!, 0, 16))
    device.destroy()
    return {
      name: 'GPU test',
      value: back.join() === '1,2,3,4' ? 'wrote and read back' : `read back ${back.join()} for 1,2,3,4`,
      ...(back.join() !== '1,2,3,4' && { fix: 'Update the driver.' }),
    }
  } catch (error) {
    return {
      name: 'GPU test',
      value: `failed: ${error instanceof Error ? error.message : String(error)}`,
      fix: 'Update the driver, or train with --device cpu.',
    }
  }
}

function driverFindings(isGpuFound: boolean): Finding[] {
  if (process.platform !== 'linux') return []
  const named = (process.env['VK_DRIVER_FILES'] ?? process.env['VK_ICD_FILENAMES'] ?? '').split(':').filter(Boolean)
  const installed = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'].flatMap(folder =>
    existsSync(folder) ? readdirSync(folder) : [],
  )
  const drivers = named.length > 0 ? named : installed
  return [driverFinding(drivers, isGpuFound)]
}

/** The Vulkan drivers of a Linux machine, by the names of their files. */
export function driverFinding(drivers: readonly string[], isGpuFound: boolean): Finding {
  const finding = { name: 'Vulkan drivers', value: drivers.join(', ') || 'none' }
  if (drivers.length === 0) return { ...finding, fix: howToGetAGpu }
  if (isGpuFound || !drivers.some(driver => /nvidia/i.test(driver))) return finding
  return {
    ...finding,
    fix: "NVIDIA's driver needs the Vulkan loader and, without a screen too, the X libraries: sudo apt-get install libvulkan1 libx11-6 libxext6",
  }
}

function placeFindings({ folders }: CliHost): Finding[] {
  return [folderFinding('settings', folders.config), folderFinding('new libraries', folders.libraries)]
}

function folderFinding(name: string, folder: string): Finding {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    const { bavail, bsize } = statfsSync(folder)
    return { name, value: `${folder} (${Math.floor((bavail * bsize) / 1e9)} GB free)` }
  } catch (error) {
    return {
      name,
      value: `${folder} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
      fix: 'Give your account write permission there, or set WINNOW_HOME to a folder of your own.',
    }
  }
}
