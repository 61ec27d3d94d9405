import {describe, expect, test} from 'vitest'
import {parseTcpflow} from '../../src/capture/follow/follow-tcpflow.js'
import {followConnections} from '../../src/capture/follow/limits.js'
import {Fragments} from '../../src/capture/ip/fragments.js'
import {blankIpPacket} from '../../src/capture/ip/ip.js'
import {limits} from '../../src/capture/limits.js'
import {CaptureReader} from '../../src/capture/reader.js'
import {enhancedPacket, interfaceDescription, sectionHeader} from '../../src/capture/write/writer.js'
import {ConnectionKeys} from '../../src/filter/connection-keys.js'
import {halfClosed, knownAddresses} from '../../src/filter/limits.js'
import {isInNetwork} from '../../src/filter/values.js'
import {blankRecord, type SessionRecord} from '../../src/session/record.js'
import {Wire} from '../capture/wire.js'

describe('what a capture can make the reader hold', () => {
  test('a pcapng block that claims over blockBytes is damage, and one of that many bytes is waited for', () => {
    const claiming = (bytes: number) => {
      const block = Buffer.alloc(12)
      block.writeUInt32LE(6, 0)
      block.writeUInt32LE(bytes, 4)
      return [...new CaptureReader().read(Buffer.concat([sectionHeader(), block]))]
    }
    expect(claiming(limits.blockBytes)).toEqual([])
    expect(() => claiming(limits.blockBytes + 4)).toThrow(`over the limit of ${limits.blockBytes}`)
  })

  test('of the interfaces that a section declares after the first interfaces, nothing is known', () => {
    const areKnown = (declared: number) => {
      const packet = enhancedPacket({interfaceId: declared - 1, time: {micros: 1, nanos: 0}, bytes: new Uint8Array(60)})
      const one = interfaceDescription({linkType: 1})
      const file = Buffer.concat([sectionHeader(), ...Array.from({length: declared}, () => one), packet])
      return [...new CaptureReader().read(file)].map(each => each.kind === 'packet' && each.source !== null)
    }
    expect([areKnown(limits.interfaces), areKnown(limits.interfaces + 1)]).toEqual([[true], [false]])
  })

  test('over fragmentBytes of fragments that wait, the oldest datagrams are given up and counted', () => {
    const fragments = new Fragments()
    const payload = new Uint8Array(60_000)
    const addresses = Uint8Array.of(10, 0, 0, 1, 10, 0, 0, 2)
    const add = (identification: number, fields: object) =>
      fragments.add(
        {
          ...blankIpPacket(),
          ...{addresses, sourceAt: 0, destinationAt: 4, protocol: 6, bytes: payload, end: payload.length},
          ...{identification, moreFragments: true, ...fields},
        },
        identification + 1,
        {micros: identification, nanos: 0},
        0,
      )
    const most = Math.floor(limits.fragmentBytes / (payload.length + limits.keepingBytes))
    for (let n = 0; n < most; n++) add(n, {})
    expect(fragments.dropped).toBe(0)
    add(most, {})
    expect(fragments.dropped).toBe(1)
    const rest = {fragmentOffset: payload.length, end: 8, moreFragments: false}
    expect([add(0, rest), add(1, rest)?.bytes.length]).toEqual([undefined, payload.length + 8])
  })

  test('a datagram of over fragments fragments is given up', () => {
    const dropped = (count: number) => {
      const fragments = new Fragments()
      const bytes = new Uint8Array(8)
      const packet = {...blankIpPacket(), addresses: new Uint8Array(8), destinationAt: 4, bytes, end: 8}
      for (let n = 0; n < count; n++)
        fragments.add({...packet, moreFragments: true, fragmentOffset: 16 * n}, n + 1, null, 0)
      return fragments.dropped
    }
    expect([dropped(limits.fragments), dropped(limits.fragments + 1)]).toEqual([0, 1])
  })

  test('over pendingTotalBytes that wait in all connections, missing bytes are given up', () => {
    const wire = new Wire()
    const data = new Uint8Array(60_000)
    const each = Math.floor(limits.pendingBytes / (data.length + limits.keepingBytes))
    const gapsWith = (connections: number) => {
      for (let n = wire.connections.length; n < connections; n++) {
        const ends = [
          {ip: '10.0.0.1', port: 1024 + n},
          {ip: '10.0.0.2', port: 33445},
        ] as const
        wire.send({from: 0, seq: 1000, flags: 'S'}, ends)
        for (let k = 0; k < each; k++) wire.send({from: 0, seq: 1002 + k * data.length, data}, ends)
      }
      return wire.tracker.counters.gaps
    }
    const most = Math.floor(limits.pendingTotalBytes / (each * (data.length + limits.keepingBytes)))
    expect([gapsWith(most), gapsWith(most + 1)]).toEqual([0, 1])
  })

  test('a dump of tcpflow with over followConnections connections is refused', () => {
    const dump = (connections: number) =>
      Array.from({length: connections}, (_, n) => {
        const from = `010.000.${String(n >> 8).padStart(3, '0')}.${String(n & 255).padStart(3, '0')}`
        return `${from}.40000-010.255.000.001.33445: \n0000: 0400 \n`
      }).join('')
    expect(parseTcpflow(dump(followConnections))).toHaveLength(followConnections)
    expect(() => parseTcpflow(dump(followConnections + 1))).toThrow(`over ${followConnections} connections`)
  })

  test('over knownAddresses, a filter reads addresses anew, and finds the same', () => {
    const network = Uint8Array.of(10, 1, 0, 0)
    const found = () =>
      Array.from({length: knownAddresses + 10}, (_, n) => isInNetwork(`10.${n & 1}.${n >> 8}.${n & 255}`, network, 16))
    const all = found()
    expect(all.filter(Boolean)).toHaveLength(knownAddresses / 2 + 5)
    expect(found()).toEqual(all)
  })

  test('over halfClosed, a filter forgets the keys of the connection that one side closed first', () => {
    const keys = new ConnectionKeys()
    const record = (
      connection: number,
      kind: 'handshake' | 'frame' | 'end',
      close: 'fin' | null = null,
    ): SessionRecord => ({
      ...blankRecord,
      connection,
      kind,
      close,
    })
    for (let n = 0; n <= halfClosed; n++) {
      keys.note(record(n, 'handshake'), () => [Uint8Array.of(n)])
      keys.forget(record(n, 'end', 'fin'))
    }
    const known = (connection: number) => keys.of(record(connection, 'frame')).length
    expect([known(0), known(1), known(halfClosed)]).toEqual([0, 1, 1])
    keys.forget({...record(1, 'end', 'fin'), isSecond: true})
    expect(known(1)).toBe(0)
  })
})
