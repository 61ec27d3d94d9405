import {expect, it} from 'vitest'
import {startObserving} from '../../src/live/observing.js'
import {noKeys} from '../actions/proxy/proxy-run.js'
import {clientSave} from '../crypto/saves.js'

it('an observer, as the view of a proxy is, receives the names in .tox saves before the first record', async () => {
  const own = {publicKey: new Uint8Array(32).fill(1), secretKey: new Uint8Array(32).fill(2)}
  const friend = {publicKey: new Uint8Array(32).fill(3), name: new TextEncoder().encode('Аня')}
  const savedNames = new Map<string, string>()
  const host = await startObserving(
    {keys: {...noKeys, key: [clientSave(own, [], [friend])]}, secrets: [], isTox: true},
    {keyFound() {}, enough() {}},
    {record() {}, note() {}, savedNames},
  )
  host.cancel()
  expect(savedNames.get('03'.repeat(32))).toBe('Аня')
})
