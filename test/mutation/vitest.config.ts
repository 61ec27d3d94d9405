import {defineConfig} from 'vitest/config'

/** The tests that mutants must not pass: MUTANTS_TESTS, else those of the rooms that Stryker changes first. */
const {MUTANTS_TESTS = 'test/wire,test/protocol,test/expert,test/playbooks,test/properties/holes.test.ts'} = process.env

export default defineConfig({
  test: {
    include: MUTANTS_TESTS.split(',').map(path => (path.endsWith('.ts') ? path : `${path}/**/*.test.ts`)),
    isolate: false,
    env: {TOXTCP_CONFIG: ''},
    testTimeout: 60_000,
    silent: 'passed-only',
  },
})
