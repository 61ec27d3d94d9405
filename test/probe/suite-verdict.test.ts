import {expect, it} from 'vitest'
import {suiteJson} from '../../src/actions/probe/report/suite.js'
import type {Disagreement} from '../../src/probe/suite/behaviour.js'

const disagreement = (outcome: Disagreement['outcome']): Disagreement => ({
  name: 'id00 alone',
  before: 'free',
  outcome,
  problem: outcome === null ? 'connect ECONNRESET 127.0.0.1:33445' : '',
  expected: 'kept',
  rules: [],
})

it.each<[string, Disagreement[], string]>([
  ['behaves otherwise in one', [disagreement('dropped')], 'most like tox-rs: 1 disagreement in 189 cases'],
  [
    'does not serve the connections of two',
    [disagreement(null), disagreement(null)],
    'like tox-rs: no disagreement in 187 cases; 2 not tried, since the relay did not serve their connections ' +
      '(it may limit them)',
  ],
])('the verdict on a relay that %s of the cases says so, and it does not agree', (_, disagreements, verdict) => {
  const behaviour = {
    like: 'tox-rs',
    versions: '',
    services: {onion: null, forwarding: null},
    cases: 189,
    disagreements,
    counts: {'c-toxcore': 100, 'tox-rs': disagreements.length},
  } as const
  const json = suiteJson({host: '127.0.0.1', port: 33445, publicKey: new Uint8Array(32)}, {behaviour, results: []})
  expect(json).toMatchObject({verdict: `127.0.0.1:33445 behaves ${verdict}`, agrees: false})
})
