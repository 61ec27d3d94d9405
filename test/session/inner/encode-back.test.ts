import {expect, test} from 'vitest'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {openCapture} from '../../../src/library/capture/open-capture.js'
import {Sealer} from '../../../src/library/record-bytes.js'
import {recordToJson} from '../../../src/view/forms/json.js'
import {recordFromJson} from '../../../src/view/from-json/record.js'
import {bytesOf, fixture, fixtureText, hexOf} from '../recorded.js'
import {deepPackets} from './deep.js'

const box = await loadSodium()

test.each([
  ['small', 215],
  ['small_v6', 215],
  ['bootstrapd_relay', 1200],
  ['two_clients', 2200],
])('every packet of %s with boxes in it is built and sealed again from its fields', async (name, least) => {
  const [sessions, inner] = ['sessions', 'inner'].map(log => fixtureText(`captures/${name}/${log}.keylog`))
  const keylog = new TextEncoder().encode(`${sessions}\n${inner}`)
  const boxes = new Map(deepPackets(name).map(packet => [packet.place, packet.boxes]))
  let count = 0
  for await (const {source, plaintext} of openCapture(fixture(`captures/${name}/capture.pcap`), {keylog})) {
    const own = boxes.get(`${source.connection} ${source.from} ${source.index}`)
    if (source.kind !== 'frame' || !own || !plaintext) continue
    // Only the nonce of crypto data, which is the last box, is not in the packet.
    const sealer = new Sealer(
      box,
      own.map(({key}) => bytesOf(key)),
      [bytesOf(own.at(-1)!.nonce)],
    )
    const record = recordFromJson(recordToJson(source, {bytes: false}), 'here', open => sealer.sealBox(open, 'here'))
    expect(record.boxes).toBe(own.length)
    const bytes = sealer.seal(record, 'here')!
    expect(hexOf(bytes)).toBe(hexOf(plaintext))
    count++
  }
  expect(count).toBeGreaterThan(least)
})
