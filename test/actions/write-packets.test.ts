import {readdirSync} from 'node:fs'
import {expect, it} from 'vitest'
import {writePackets} from '../../src/actions/view/effects.js'
import {RecordStore} from '../../src/library/store/record-store.js'
import {RecordedIo} from '../terminal/recorded-io.js'

it.runIf(process.platform === 'linux')('a view that writes no packets leaves no capture open', async () => {
  const store = new RecordStore(() => undefined)
  const effect = {kind: 'write', path: '/nowhere/copy.pcapng', places: [], hasKeys: false} as const
  const before = readdirSync('/proc/self/fd').length
  const write = writePackets(effect, store, ['fixtures/demo/capture.pcap'], new RecordedIo().io)
  await expect(write).rejects.toThrow('no packet of the capture belongs to these records')
  expect(readdirSync('/proc/self/fd')).toHaveLength(before)
})
