import {createHash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {pathToFileURL} from 'node:url'

// Mutation testing: CONTRIBUTING.md says how to run it. The project does not depend on Stryker: see there.
//   MUTANTS_IN     the rooms of src/, "wire,protocol,expert" unless set
//   MUTANTS_ONE_OF 20 unless set: one of 20 mutants is tried, chosen by a hash of its place and text
//   MUTANTS_SEED   chooses others
//   MUTANTS_STATIC "no" leaves out what runs while modules load: such a mutant costs a run of all these tests
//   MUTANTS_FROM   a report of an earlier run: only what survived there is tried

const {
  MUTANTS_IN = 'wire,protocol,expert',
  MUTANTS_ONE_OF = '20',
  MUTANTS_SEED = '1',
  MUTANTS_STATIC,
  MUTANTS_FROM,
} = process.env

/** What names a mutant in every run. */
const nameOf = (file, {line, column}, replacement) => `${file} ${line}:${column} ${replacement}`

const survivors = MUTANTS_FROM === undefined ? undefined : survivorsOf(JSON.parse(readFileSync(MUTANTS_FROM, 'utf8')))

function survivorsOf({files}) {
  const names = Object.entries(files).flatMap(([file, {mutants}]) =>
    mutants
      .filter(({status}) => status === 'Survived' || status === 'NoCoverage')
      .map(({location, replacement}) => nameOf(file, location.start, replacement)),
  )
  return new Set(names)
}

function isChosen(name) {
  if (survivors) return survivors.has(name)
  return createHash('sha256').update(`${MUTANTS_SEED} ${name}`).digest().readUInt32BE() % Number(MUTANTS_ONE_OF) === 0
}

// Stryker has no option for a sample: what it does not try is marked as ignored where it collects mutants.
const core = createRequire(createRequire(import.meta.url).resolve('@stryker-mutator/core'))
const instrumenter = pathToFileURL(core.resolve('@stryker-mutator/instrumenter'))
const {MutantCollector} = await import(new URL('transformers/mutant-collector.js', instrumenter).href)
const collect = MutantCollector.prototype.collect
MutantCollector.prototype.collect = function (...collected) {
  const mutant = collect.apply(this, collected)
  const {fileName, location, replacement} = mutant.toApiMutant()
  const file = fileName.slice(fileName.lastIndexOf('/src/') + 1)
  const {line, column} = location.start
  if (!isChosen(nameOf(file, {line: line + 1, column: column + 1}, replacement)))
    mutant.ignoreReason = 'not in the sample'
  return mutant
}

export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: {configFile: 'test/mutation/vitest.config.ts', related: false},
  coverageAnalysis: 'perTest',
  concurrency: 1,
  ignoreStatic: MUTANTS_STATIC === 'no',
  disableTypeChecks: false,
  // A test compares the text of this generated file.
  mutate: [...MUTANTS_IN.split(',').map(room => `src/${room}/**/*.ts`), '!src/expert/occurrences.ts'],
  ignorePatterns: ['coverage', 'dist', 'docs'],
  tempDirName: 'coverage/mutation',
  timeoutMS: 30_000,
  reporters: ['json', 'clear-text', 'progress-append-only', 'event-recorder'],
  eventReporter: {baseDir: 'coverage/mutation-events'},
  clearTextReporter: {allowColor: false, reportTests: false, reportScoreTable: true},
  jsonReporter: {fileName: `coverage/mutation-${MUTANTS_IN.replaceAll(',', '-')}.json`},
}
