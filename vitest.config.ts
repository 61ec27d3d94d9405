import {availableParallelism} from 'node:os'
import {defineConfig} from 'vitest/config'
import {patience} from './test/patience.js'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**', 'node_modules/**'],
    // One more than the machine has: many tests wait for real peers, and leave their core to another meanwhile.
    maxWorkers: availableParallelism() + 1,
    globalSetup: ['test/build.setup.ts'],
    // No test reads the defaults of the user who runs it.
    env: {TOXTCP_CONFIG: ''},
    testTimeout: 60_000 * patience,
    hookTimeout: 60_000 * patience,
    reporters: ['dot'],
    silent: 'passed-only',
  },
})
