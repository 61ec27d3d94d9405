import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, it} from 'vitest'
import {enhancedPacket, interfaceDescription, sectionHeader} from '../../../src/capture/write/writer.js'
import {finding} from '../../../src/expert/finding.js'
import {commentOf, type RecordedNote} from '../../../src/proxy/recording/recorded-notes.js'
import {packetsOf} from '../../capture/collect.js'
import {type CaptureFile, captures, type JsonRecord} from '../capture-files.js'
import {seeded} from '../damaged/edited-captures.js'
import {type Form, formOf, plainEngine} from '../damaged/engines.js'

const found = [
  finding('packet-changed', {count: 1}),
  finding('packet-delayed', {milliseconds: 20}),
  finding('packet-dropped', {}),
  finding('packet-injected', {}),
  finding('packet-marked', {}),
  finding('not-intercepted', {reason: 'no key opens the handshake'}),
  finding('closed-by-proxy', {why: 'it was stopped'}),
]

/** A capture, some of whose packets have notes of a proxy; no keys are in it. */
function withNotes({file}: CaptureFile, random: () => number): Buffer {
  const noteOf = (): RecordedNote => ({
    from: random() < 0.5 ? 'client' : 'relay',
    index: random() < 0.6 ? Math.floor(random() * 60) : null,
    finding: found[Math.floor(random() * found.length)]!,
  })
  const packets = packetsOf(readFileSync(file)).map(({time, bytes, start, end}) => {
    const comment = random() < 0.1 ? commentOf(Array.from({length: 1 + Math.floor(random() * 3)}, noteOf)) : undefined
    return enhancedPacket({time: time!, bytes: bytes.slice(start, end), ...(comment && {comment})})
  })
  return Buffer.concat([sectionHeader(), interfaceDescription({linkType: 1}), ...packets])
}

it.each(['small', 'port_reuse', 'synthetic_clients'])(
  'statistics of %s count the notes of a proxy as a list of its records has them, with any threads and keys',
  async name => {
    const whole = captures.find(each => each.name === name)!
    const folder = mkdtempSync(join(tmpdir(), 'toxtcp-noted-'))
    const [path, sessions] = [join(folder, 'noted.pcapng'), join(folder, 'sessions.keylog')]
    // With other keys, boxes inside packets might open, and no thread counts by itself.
    const lines = whole.keylogs.flatMap(file => readFileSync(file, 'utf8').split('\n'))
    writeFileSync(sessions, lines.filter(line => line.startsWith('TOX_TCP_SESSION')).join('\n'))
    for (let seed = 0; seed < 6; seed++) {
      const random = seeded(seed)
      writeFileSync(path, withNotes(whole, random))
      const input = {path, keylogs: [[], [sessions], whole.keylogs][seed % 3]!}
      const statistics = (threads: number, form: Form = 'stats') => formOf(form, input, {...plainEngine, threads})
      const alone = await statistics(0)
      expect(await statistics(2), `seed ${seed}`).toBe(alone)
      expect(await formOf('stats', input, plainEngine, () => true), `seed ${seed}`).toBe(alone)
      const listed = (await statistics(0, 'json'))
        .split('\n')
        .filter(line => line.startsWith('{"number"'))
        .flatMap(line => (JSON.parse(line) as JsonRecord).findings.map(({code}) => code))
      const {findings} = JSON.parse(alone) as {readonly findings: readonly {code: string; count: number}[]}
      const noted = found.map(({code}) => [
        code,
        listed.filter(each => each === code).length,
        findings.find(each => each.code === code)?.count ?? 0,
      ])
      expect(
        noted.filter(([, inList, counted]) => inList !== counted),
        `seed ${seed}`,
      ).toEqual([])
      expect(noted.reduce((sum, [, inList]) => sum + Number(inList), 0)).toBeGreaterThan(0)
    }
    rmSync(folder, {recursive: true})
  },
)
