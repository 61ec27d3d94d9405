import {expect, test} from 'vitest'
import {amount} from '../../amount.js'
import {seeded} from '../damaged/edited-captures.js'
import {recordingNames, recordingOf, recordsOf} from './recordings.js'
import {inventedOf, toldBy} from './told.js'
import {ways} from './ways.js'

// Where less is seen of a capture, less is told of it, and nothing else.

/** For each recording and each way to see less of it. */
const seeds = amount(12, 2)
const firstSeed = Number(process.env['TOXTCP_FIRST_SEED'] ?? 1)

test.each(recordingNames)('what is told of %s is told as well where more is seen of it', async name => {
  const recording = recordingOf(name)
  const all = await recordsOf(
    recording.packets,
    recording.keys.map(key => ({key, after: 0})),
  )
  const told = toldBy(all)
  const invented: string[] = []
  for (const [missing, way] of Object.entries(ways)) {
    for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
      const {packets, keys} = way(recording, seeded(seed), all.length)
      const less = toldBy(await recordsOf(packets, keys))
      invented.push(...inventedOf(told, less).map(each => `without ${missing}, seed ${seed}: ${each}`))
    }
  }
  expect(invented).toEqual([])
})
