import {defineConfig} from 'vitest/config'
import {patience} from './test/patience.js'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**', 'node_modules/**'],
    globalSetup: ['test/build.setup.ts'],
    testTimeout: 60_000 * patience,
    hookTimeout: 60_000 * patience,
    reporters: ['dot'],
    silent: 'passed-only',
  },
})
