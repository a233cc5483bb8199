// `npm run build:core`: the core as a package of its own in out/core: one ES module with the shaders inside, its types,
// package.json, README and licence. `npm pack` in that folder makes a tarball for any Node or Vite project.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { build } from 'vite'

/** Builds the package from the repository at `root` into the folder `out`, which is emptied first. Throws what Vite
 *  throws, an Error that lists what TypeScript found, and one where there is no licence to go with it. */
export async function buildCore(root: string, out: string): Promise<void> {
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  copyLicence(root, out)
  await bundle(root, out)
  writeTypes(root, join(out, 'types'))
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(manifest(root), null, 2)}\n`)
  writeFileSync(join(out, 'README.md'), readme)
}

/** A package without its licence is not to be used by anybody. */
function copyLicence(root: string, out: string): void {
  try {
    copyFileSync(join(root, 'LICENSE'), join(out, 'LICENSE'))
  } catch (error) {
    throw new Error(`The licence of the package is not at ${join(root, 'LICENSE')}. Put it there.`, { cause: error })
  }
}

async function bundle(root: string, out: string): Promise<void> {
  const before = process.env['NODE_ENV']
  try {
    await build({
      root,
      configFile: false,
      publicDir: false,
      logLevel: 'error',
      build: {
        outDir: out,
        emptyOutDir: false,
        minify: false,
        target: 'es2023',
        lib: { entry: join(root, 'src/core/index.ts'), formats: ['es'], fileName: () => 'index.js' },
        // The kernels of the CPU device, which are loaded when they are asked for.
        rolldownOptions: { output: { chunkFileNames: '[name].js' } },
      },
    })
  } finally {
    // Vite leaves 'production' behind.
    if (before === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = before
  }
}

/** One .d.ts for each source that the interface reaches. Their imports end in .js, as every resolver of TypeScript
 *  wants them. */
function writeTypes(root: string, out: string): void {
  const core = join(root, 'src/core')
  const { config } = ts.readConfigFile(join(root, 'tsconfig/core.json'), path => readFileSync(path, 'utf8'))
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, join(root, 'tsconfig'))
  const program = ts.createProgram([join(core, 'index.ts'), join(core, 'globals.d.ts')], {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: core,
    outDir: out,
  })
  const { diagnostics } = program.emit(undefined, (path, text) => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text.replace(/((?:from|import\() ?['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'))
  })
  const found = [...ts.getPreEmitDiagnostics(program), ...diagnostics]
  if (found.length === 0) return
  const host = { getCanonicalFileName: (name: string) => name, getCurrentDirectory: () => root, getNewLine: () => '\n' }
  throw new Error(`The types of the core cannot be written:\n${ts.formatDiagnostics(found, host)}`)
}

interface RootManifest {
  readonly version: string
  readonly license: string
  readonly devDependencies: Readonly<Record<string, string>>
}

function manifest(root: string): object {
  const text = readFileSync(join(root, 'package.json'), 'utf8')
  const { version, license, devDependencies } = JSON.parse(text) as RootManifest
  return {
    name: '@winnow/core',
    version,
    description: 'Image classifiers trained by WebGPU: layers, optimisers, training, ONNX and safetensors.',
    license,
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19' },
    exports: { '.': { types: './types/index.d.ts', default: './index.js' } },
    types: './types/index.d.ts',
    files: ['*.js', 'types', 'LICENSE'],
    peerDependencies: { '@webgpu/types': devDependencies['@webgpu/types'] },
    peerDependenciesMeta: { '@webgpu/types': { optional: true } },
  }
}

const readme = `# @winnow/core

The framework that Winnow trains image classifiers with: nets as data, optimisers and schedules of PyTorch under the same
names, training as a stream of events, checkpoints as safetensors, export to ONNX. It runs on WebGPU, and where there is
none on the processor in WebAssembly with SIMD (\`createCpuDevice\`; threads are those that the host starts with
\`serveThread\`). It looks up no GPU and reads no files: the device and the pixels are handed in.

    import { createCpuDevice, createGpuDevice, describePreset, train } from '@winnow/core'

In a browser, or in Node with a WebGPU of a package such as \`webgpu\`, ask for a device with \`deviceDescriptor(adapter)\`
and give it to \`createGpuDevice\`. Shaders are inside the module; a bundler needs no settings for it. Own layers, ops
with their shaders, losses and metrics are given to \`fit\` and \`train\`. The types of
WebGPU are those of TypeScript's library DOM (from TypeScript 6 on), or of \`@webgpu/types\` in a project without it.
`

if (import.meta.filename === process.argv[1]) {
  const root = join(import.meta.dirname, '..')
  await buildCore(root, join(root, 'out', 'core'))
  console.log('Built @winnow/core in out/core. "npm pack ./out/core" makes its tarball.')
}
