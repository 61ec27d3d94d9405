import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'
import {TcpWriter} from '../../src/capture/write/tcp-writer.js'
import {decryptionSecrets, enhancedPacket, interfaceDescription, sectionHeader} from '../../src/capture/write/writer.js'
import {keyLogLine} from '../../src/crypto/keylog.js'
import {offsetNonce} from '../../src/crypto/nonce.js'
import {secretsType} from '../../src/proxy/recording/recording-format.js'
import {readAgain, recordsIn} from '../actions/proxy/proxy-run.js'
import {FrameList} from '../capture/frame-list.js'
import {box, random} from '../proxy/tox-ends.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-direction-'))
afterAll(() => rmSync(folder, {recursive: true}))

const ends = [
  {ip: '127.0.0.1', port: 50_000},
  {ip: '127.0.0.1', port: 40_000},
] as const
/** Frames of each side before the capture began. */
const missed = [30_000, 700] as const
const [sharedKey, clientBaseNonce, relayBaseNonce] = [random(32), random(24), random(24)] as const
const line = keyLogLine({
  kind: 'tcp_session',
  clientNonce: random(24),
  relayNonce: random(24),
  sharedKey,
  clientBaseNonce,
  relayBaseNonce,
})
const keylog = join(folder, 'keys.log')
writeFileSync(keylog, `${line}\n`)

const frame = (side: 0 | 1, index: number, length: number): Uint8Array => {
  const sealed = box.seal(
    random(length - 18),
    offsetNonce(side === 0 ? clientBaseNonce : relayBaseNonce, missed[side] + index, new Uint8Array(24)),
    sharedKey,
  )
  return Buffer.concat([Uint8Array.of(sealed.length >> 8, sealed.length & 0xff), sealed])
}

/** A capture by others that begins in the middle, with frames whose lengths are those of the other side. */
function capture(name: string, {first, hasKeys}: {first: 0 | 1; hasKeys: boolean}): string {
  const frames = new FrameList()
  const tcp = new TcpWriter(ends, frames)
  for (let i = 0; i < 12; i++)
    for (const side of [first, first === 0 ? 1 : 0] as const) tcp.data(side, frame(side, i, side === 0 ? 52 : 51))
  const blocks = frames.all.map((bytes, i) =>
    enhancedPacket({time: {micros: 1_795_399_252_000_000 + i, nanos: 0}, bytes}),
  )
  const keys = hasKeys ? [decryptionSecrets(secretsType, Buffer.from(`${line}\n`))] : []
  const path = join(folder, name)
  writeFileSync(path, Buffer.concat([sectionHeader(), interfaceDescription({linkType: 1}), ...keys, ...blocks]))
  return path
}

describe.each([0, 1] as const)('a capture that begins in the middle, with bytes of end %i', first => {
  test.each([
    ['a key log', false],
    ['keys of its own', true],
  ])('tells its client by %s', async (_, hasKeys) => {
    const file = capture(`${first}-${hasKeys}.pcapng`, {first, hasKeys})
    const records = recordsIn(await readAgain([file], hasKeys ? {} : {keylog: [keylog]}))
    expect(new Set(records.map(({client, relay}) => `${client} ${relay}`))).toEqual(
      new Set(['127.0.0.1:50000 127.0.0.1:40000']),
    )
    const frames = records.filter(({kind}) => kind === 'frame')
    expect(frames).toHaveLength(24)
    for (const {from, state, length} of frames)
      expect([from, state]).toEqual([length === 52 ? 'client' : 'relay', 'open'])
  })
})
