import {rmSync} from 'node:fs'
import {expect, it} from 'vitest'
import {amount} from '../../amount.js'
import {captures} from '../capture-files.js'
import {contentOf, endsOf, guessed, raised, recordsOf, shardsOf} from '../shard-contents.js'
import {damaged} from './damage.js'
import {captureOf, seeded, segmentsOf} from './edited-captures.js'
import {plainEngine} from './engines.js'

/** Seeds of the damage: others are chosen by the environment, as for the engines. */
const first = Number(process.env['TOXTCP_FIRST_DAMAGE'] ?? 0)
const variants = Number(process.env['TOXTCP_DAMAGES'] ?? amount(10, 3))

it.each([
  ['small', 34345],
  ['synthetic_clients', 34145],
  ['port_reuse', 34545],
] as const)('shards of damaged captures of %s hold and raise only what the whole does', async (name, port) => {
  const capture = captures.find(each => each.name === name)!
  const segments = segmentsOf(capture, port)
  let compared = 0
  for (let seed = first; seed < first + variants; seed++) {
    const path = captureOf(damaged(segments, seeded(seed)))
    const input = {path, keylogs: capture.keylogs}
    const whole = await recordsOf(input, plainEngine)
    const shards = await shardsOf(input, plainEngine, 2 + (seed % 3))
    rmSync(path)
    // A shard has as many trials of keys as the whole, and fewer connections: it may open what the whole gives up.
    if (whole.some(({findings}) => findings.some(({code}) => code === 'key-search-ended'))) continue
    compared++
    // What the whole alone recognises, a shard may guess or leave out.
    const uncertain = new Set([...guessed(whole), ...guessed(shards)])
    const held = new Set(whole.map(contentOf))
    const others = shards.filter(record => !uncertain.has(endsOf(record)) && !held.has(contentOf(record)))
    expect(others, `seed ${seed}`).toEqual([])
    const raisedByWhole = raised(whole)
    expect(
      [...raised(shards)].filter(each => !raisedByWhole.has(each)),
      `seed ${seed}`,
    ).toEqual([])
  }
  expect(compared).toBeGreaterThan(variants / 2)
})
