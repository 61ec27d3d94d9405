import {expect, test} from 'vitest'
import {occurrences} from '../../src/expert/occurrences.js'
import {ruleTable} from '../../src/expert/rules.js'
import {readCapture} from '../../src/library/capture/read-capture.js'
import type {ToxRecord} from '../../src/library/tox-record.js'
import {recordsOfRun} from '../reading/recorded/recorded-runs.js'
import {casesOf} from '../session/cases.js'
import {type CaptureOfClients, capturesOfRealClients} from './real-clients.js'

/** Codes of the rules that records break, and of the causes of closes, each once. */
const codesIn = (records: readonly ToxRecord[]): ReadonlySet<string> =>
  new Set(
    records.flatMap(({findings, causes}) => [...findings, ...causes.map(({finding}) => finding)].map(({code}) => code)),
  )

async function codesInCapture({bytes, keylog}: CaptureOfClients): Promise<ReadonlySet<string>> {
  const records: ToxRecord[] = []
  for await (const record of readCapture(bytes, {keylog})) records.push(record)
  return codesIn(records)
}

const cases = [...casesOf('relay'), ...casesOf('client')]
const inCaptures = await Promise.all(capturesOfRealClients().map(codesInCapture))
const inRuns = await Promise.all(cases.map(async each => codesIn(await recordsOfRun(each))))

const count = (sets: readonly ReadonlySet<string>[], code: string): number => sets.filter(set => set.has(code)).length

/** The source of `src/expert/occurrences.ts`. */
function generated(): string {
  const rows = [...ruleTable.keys()].flatMap(code => {
    const captures = count(inCaptures, code)
    const runs = count(inRuns, code)
    return captures + runs > 0 ? [`    ['${code}', {captures: ${captures}, runs: ${runs}}],`] : []
  })
  return `/** Recordings in which a rule is broken at least once. */
export interface Count {
  readonly captures: number
  readonly runs: number
}

/**
 * How many recordings break each rule; a rule that is missing was broken in none. \`captures\` are captures of
 * libtoxcore 0.2.18 clients in normal use, read with the keys of their sessions. \`runs\` are recorded connections of a
 * c-toxcore 0.2.18 client or relay that was sent packets made for the test, most of them faulty. Made from \`fixtures\`:
 * change it with \`npx vitest run test/expert/occurrences.test.ts -u\`.
 */
export const occurrences: {
  readonly captures: number
  readonly runs: number
  readonly brokenIn: ReadonlyMap<string, Count>
} = {
  captures: ${inCaptures.length},
  runs: ${inRuns.length},
  brokenIn: new Map([
${rows.join('\n')}
  ]),
}
`
}

test('the table of how often recordings break each rule is what the recordings show', async () => {
  await expect(generated()).toMatchFileSnapshot('../../src/expert/occurrences.ts')
})

test('real clients were closed on only where their relay was stopped on purpose', () => {
  const broken = [...occurrences.brokenIn].filter(([code, {captures}]) => captures > 0 && isError(code))
  expect(broken.map(([code]) => code)).toEqual(['handshake-unanswered', 'ping-unanswered'])
})

const isError = (code: string): boolean => ruleTable.get(code)!.severity === 'error'
