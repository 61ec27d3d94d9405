import {defineConfig} from 'vitest/config'

/** Measurements, one file after the other: two at once would measure each other. */
export default defineConfig({
  test: {
    globalSetup: ['test/build.setup.ts', 'test/bench/table.setup.ts'],
    include: ['test/bench/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
  },
})
