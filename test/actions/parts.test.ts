import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {toxtcpHere} from '../commands/program.js'
import {seeded} from '../reading/damaged/edited-captures.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-parts-'))
afterAll(() => rmSync(folder, {recursive: true}))

interface Frame {
  readonly number: number
  readonly client: string
  readonly relay: string
  readonly from: string
  readonly index: number
  readonly state: string
  readonly plaintext: string
}

async function framesOf(...args: readonly string[]): Promise<readonly Frame[]> {
  const {stdout} = await toxtcpHere(['read', ...args, '--json', '--bytes', '-Y', 'kind == frame'])
  return stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Frame)
}

const idOf = ({client, relay, from, index, plaintext}: Frame) => `${client} ${relay} ${from} ${index} ${plaintext}`

describe.each(['small', 'two_clients', 'synthetic_clients', 'port_reuse'])('a part of %s', name => {
  const capture = `fixtures/captures/${name}/capture.pcap`
  const keylog = `fixtures/captures/${name}/sessions.keylog`

  it('opens without --port, wherever it begins: the same frames, of the same end, at the same place', async () => {
    const whole = await framesOf(capture, '--keylog', keylog)
    const known = new Set(whole.map(idOf))
    const random = seeded(name.length)
    for (let turn = 0; turn < 5; turn++) {
      const part = join(folder, `${name}-${turn}.pcapng`)
      const {number} = whole[Math.floor(random() * whole.length)]!
      const range = `${number}-${number + Math.floor(random() * 6)}`
      const keys = turn % 2 === 0 ? ['--embed-keys'] : []
      await toxtcpHere(['read', capture, '--keylog', keylog, '-n', range, '-w', part, ...keys])
      const frames = await framesOf(part, ...(turn % 2 === 0 ? [] : ['--keylog', keylog]))
      expect(frames.length, range).toBeGreaterThan(0)
      for (const frame of frames) {
        expect(frame.state, range).toBe('open')
        expect(known, range).toContain(idOf(frame))
      }
    }
  })
})
