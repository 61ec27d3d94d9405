import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {open, readFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import type {BlockOption} from '../../src/capture/formats/pcapng-options.js'
import type {Packet} from '../../src/capture/packet.js'
import {CaptureReader} from '../../src/capture/reader.js'
import {CaptureCopy} from '../../src/library/capture/capture-copy.js'
import {captureFile} from '../../src/reading/capture-files.js'
import {NumberSet} from '../../src/wire/memory/number-set.js'
import {makeBlock, makeInterface, makeOption, makeSection, number} from '../capture/make-pcap.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-copy-'))
afterAll(() => rmSync(folder, {recursive: true}))

/** Two interfaces with names, and packets with comments and flags. */
function capture(little: boolean): Buffer {
  const u32 = (value: number) => number(value, 4, little)
  const option = (code: number, value: Uint8Array | string) => makeOption(little, code, Buffer.from(value))
  const packet = (of: number, ...options: Uint8Array[]) =>
    makeBlock(little, 6, u32(of), u32(400_000), u32(7 + of), u32(3), u32(3), Buffer.from([1, 2, 3, 0]), ...options)
  return Buffer.concat([
    makeSection(little),
    makeInterface(little, 1, 0, option(2, 'eth9'), option(8, number(1000, 4, little)), option(9, Uint8Array.of(6))),
    makeInterface(little, 101, 96, option(2, 'tun0'), option(3, 'a tunnel')),
    packet(0, option(1, 'look here'), option(2, u32(0x01)), option(1, 'and here')),
    packet(1),
    packet(0, option(2, u32(0x02))),
  ])
}

const items = (bytes: Uint8Array): Packet[] => {
  const packets: Packet[] = []
  for (const item of new CaptureReader().read(bytes)) if (item.kind === 'packet') packets.push({...item})
  return packets
}

const shown = (options: readonly BlockOption[]) =>
  options.filter(([code]) => code !== 9).map(([code, value]) => [code, Buffer.from(value).toString('latin1')])

describe('a copy of a capture', () => {
  it.each([true, false])('keeps comments, flags and interfaces, little-endian: %s', async little => {
    const from = join(folder, `from-${little}.pcapng`)
    const to = join(folder, `to-${little}.pcapng`)
    writeFileSync(from, capture(little))
    const wanted = new NumberSet()
    for (const packet of [1, 2, 3]) wanted.add(packet)
    const file = await open(to, 'w')
    const source = captureFile(from)
    await new CaptureCopy(file).write([source], {packets: wanted, keys: [], comments: new Map()})
    source.close()
    await file.close()
    const of = ({time, linkType, originalLength, source, options}: Packet) => ({
      ...{time, linkType, originalLength},
      options: shown(options),
      source: source && {...source, clock: undefined, options: shown(source.options)},
    })
    const original = items(capture(little)).map(of)
    expect(items(await readFile(to)).map(of)).toEqual(original)
    expect(original[0]!.options).toEqual([
      [1, 'look here'],
      [2, '\x01\0\0\0'],
      [1, 'and here'],
    ])
  })
})
