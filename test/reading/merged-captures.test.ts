import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {CaptureReader} from '../../src/capture/reader.js'
import {enhancedPacket, interfaceDescription, sectionHeader} from '../../src/capture/write/writer.js'
import {openCapture} from '../../src/index.js'
import {InputError} from '../../src/wire/input-error.js'

const fixture = (path: string): string => new URL(`../../fixtures/${path}`, import.meta.url).pathname
const keylog = (name: string): string => fixture(`captures/${name}/sessions.keylog`)

/** The packets of a capture, dealt to so many captures. @param of the number of the capture that gets a packet. */
function dealt(name: string, count: number, of: (packet: number) => number): Buffer[] {
  const head = (linkType: number) => [sectionHeader(), interfaceDescription({linkType, resolution: 9})]
  const parts: Uint8Array[][] = Array.from({length: count}, () => [])
  for (const item of new CaptureReader().read(readFileSync(fixture(`captures/${name}/capture.pcap`)))) {
    if (item.kind !== 'packet') continue
    const {bytes, start, end, time, number, linkType, originalLength} = item
    const part = parts[of(number)]!
    if (part.length === 0) part.push(...head(linkType))
    part.push(enhancedPacket({time: time!, bytes: bytes.slice(start, end), originalLength, resolution: 9}))
  }
  return parts.map(part => Buffer.concat(part.length > 0 ? part : head(1)))
}

async function records(input: string | readonly Uint8Array[], name: string, threads?: number): Promise<string[]> {
  const lines: string[] = []
  for await (const record of openCapture(input, {keylog: keylog(name), ...(threads !== undefined && {threads})}))
    lines.push(JSON.stringify(record))
  return lines
}

describe('several captures', () => {
  const dealings: readonly (readonly [string, number, (packet: number) => number])[] = [
    ['by turns', 2, packet => packet % 2],
    ['one after another', 3, packet => Math.min(2, Math.floor(packet / 100))],
    ['in runs of seven', 5, packet => Math.floor(packet / 7) % 5],
    ['with one that is empty', 3, packet => packet % 2],
  ]
  it.each(dealings)('give what one capture gives, dealt %s, in any order of the files', async (_, count, of) => {
    for (const name of ['small', 'port_reuse']) {
      const parts = dealt(name, count, of)
      const whole = await records(fixture(`captures/${name}/capture.pcap`), name)
      expect(whole.length).toBeGreaterThan(10)
      expect(await records(parts, name)).toEqual(whole)
      expect(await records(parts.toReversed(), name)).toEqual(whole)
    }
  })

  it('give the same on threads', async () => {
    const parts = dealt('small', 2, packet => packet % 2)
    const whole = await records(fixture('captures/small/capture.pcap'), 'small')
    for (const threads of [0, 1, 2]) expect(await records(parts, 'small', threads)).toEqual(whole)
  })

  it('are read to their ends where one of them is damaged, and then the damage is reported', async () => {
    const [one, two] = dealt('small', 2, packet => packet % 2) as [Buffer, Buffer]
    const lines: string[] = []
    const all = async () => {
      for await (const record of openCapture([one, two.subarray(0, 3000)], {keylog: keylog('small')}))
        lines.push(JSON.stringify(record))
    }
    await expect(all).rejects.toThrow(/cut off inside a record at byte \d+/)
    // The other one is read to its end, 20 seconds later.
    expect(JSON.parse(lines.at(-1)!).time).toMatch(/^2026-11-23T02:01:03/)
  })

  it('are refused at once where one is no capture', async () => {
    const [one] = dealt('small', 2, packet => packet % 2) as [Buffer, Buffer]
    const taken: unknown[] = []
    const all = async () => {
      for await (const record of openCapture([one, Buffer.from('no capture')])) taken.push(record)
    }
    await expect(all).rejects.toBeInstanceOf(InputError)
    expect(taken).toEqual([])
  })
})
