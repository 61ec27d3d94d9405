import {expect, test} from 'vitest'
import {blankIpPacket} from '../../../src/capture/ip/ip.js'
import {blankSegment, readTcp} from '../../../src/capture/tcp/tcp-segment.js'

/** The time stamps that are read in a segment's options, which are padded to words. */
function stampsIn(options: string): readonly [number, number] {
  const given = Buffer.from(options.replaceAll(' ', ''), 'hex')
  const size = 20 + ((given.length + 3) & ~3)
  const bytes = Buffer.alloc(size)
  bytes[12] = (size / 4) << 4
  bytes[13] = 0x10
  given.copy(bytes, 20)
  const ip = Object.assign(blankIpPacket(), {bytes, start: 0, end: size, protocol: 6, addresses: Buffer.alloc(8)})
  const segment = blankSegment()
  expect(readTcp(ip, segment)).toBe('ok')
  return [segment.stamp, segment.echo]
}

const stamps = '080a 00000007 00000009'

test.each([
  ['after padding', `0101 ${stamps}`],
  ['after another option', `0204 05b4 ${stamps}`],
  ['before another option', `${stamps} 0101`],
])('time stamps are read %s', (_, options) => {
  expect(stampsIn(options)).toEqual([7, 9])
})

test.each([
  ['after the end of the options', `00 ${stamps}`],
  ['inside another option', `fe0c ${stamps}`],
  ['of another length', '0808 00000007 00000009 0101'],
  ['that are cut off', '0101 0101 0101 080a 0000'],
  ['after an option of no length', `fe00 ${stamps}`],
])('no time stamps are read %s', (_, options) => {
  expect(stampsIn(options)).toEqual([-1, -1])
})
