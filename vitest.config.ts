import {availableParallelism} from 'node:os'
import {defineConfig} from 'vitest/config'
import {patience} from './test/patience.js'
import {LongestFirst} from './test/sequencer.js'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**', 'node_modules/**'],
    // Five more than the machine has: many tests wait for real peers, and leave their core to another meanwhile.
    maxWorkers: availableParallelism() + 5,
    // Loading all modules again for each of 200 files would take a sixth of the time. No test depends on others.
    isolate: false,
    // New objects get 64 MB before they are looked through: 4 to 11 % less processor time.
    execArgv: ['--max-semi-space-size=64'],
    sequence: {sequencer: LongestFirst},
    globalSetup: ['test/build.setup.ts'],
    setupFiles: ['test/equal-bytes.setup.ts'],
    // No test reads the defaults of the user who runs it, nor certificates, for which each Node.js takes 40 ms to start.
    env: {TOXTCP_CONFIG: '', NODE_EXTRA_CA_CERTS: ''},
    testTimeout: 60_000 * patience,
    hookTimeout: 60_000 * patience,
    reporters: ['dot'],
    silent: 'passed-only',
  },
})
