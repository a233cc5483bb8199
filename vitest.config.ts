// Two projects, named after where the code under test runs: 'node' (core, contract, services, hosts, rules) and 'page'
// (Vue components and stores in a DOM without a browser). Stories in a real browser are in test/e2e and have their own
// runner file.

import { join } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // The examples are written for the package.
  resolve: { alias: { '@winnow/core': join(import.meta.dirname, 'src/core/index.ts') } },
  test: {
    // A busy machine needs many times what a quiet one does: a software GPU compiles for ten seconds there what takes one.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
    globalSetup: 'test/temporary.ts',
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/renderer/**', 'test/e2e/**'],
        },
      },
      {
        extends: true,
        plugins: [vue()],
        test: { name: 'page', environment: 'happy-dom', include: ['test/renderer/**/*.test.ts'] },
      },
      // As patient as the page's own waits: other tests share the cores.
      {
        extends: true,
        test: {
          name: 'browser',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
        },
      },
    ],
  },
})
