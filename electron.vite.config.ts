// Builds the three parts of the app into out/: main (the terminal host, the Electron shell, its service process, a
// thread of the CPU device, the decoder and the checker of databases, one ES module each), preload (one CommonJS file, as Electron's sandbox asks)
// and renderer (the page, the same on every host). Packages under "dependencies" stay outside the bundles and are
// loaded from node_modules; shaders are bundled as text (`?raw`).

import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'

export default defineConfig({
  main: {
    build: {
      rolldownOptions: {
        input: {
          cli: 'src/main/hosts/cli.ts',
          electron: 'src/main/electron/main.ts',
          service: 'src/main/electron/service-process.ts',
          'cpu-thread': 'src/main/hosts/cpu-thread.ts',
          decoder: 'src/main/pixels/pool/decoder.ts',
          checker: 'src/main/db/checker.ts',
        },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: 'src/main/electron/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    plugins: [vue()],
    worker: { format: 'es' },
    // The page's content policy allows no data: URLs, so every asset is a file.
    build: { assetsInlineLimit: 0, minify: true },
    define: {
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
  },
})
