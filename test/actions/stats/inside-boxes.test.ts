import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {typeOf} from '../../../src/protocol/table.js'
import {jsonLines} from '../../session/recorded.js'
import {capture, fixture, keylog, runStats} from './stats-run.js'

interface BySide {
  client: number
  relay: number
}

/** As far as it is looked at here. */
interface StatsJson {
  readonly opened: readonly {type: string; packets: BySide; bytes: BySide}[]
}

/** A relay packet with the true plaintext of its box. */
interface DeepPacket {
  readonly direction: 'c2s' | 's2c'
  readonly deep: {readonly name?: string; readonly box?: {readonly plaintext?: string}}
}

/** Bytes of a crypto data plaintext before its padding. */
const numbers = 8

/** What the plaintexts of a capture's crypto data contain, as its makers logged them. */
function trueMessages(name: string): Record<string, {packets: BySide; bytes: BySide}> {
  const found: Record<string, {packets: BySide; bytes: BySide}> = {}
  for (const {direction, deep} of jsonLines<DeepPacket>(`captures/${name}/deep.jsonl.gz`)) {
    if (deep.name !== 'crypto_data') continue
    const plaintext = Buffer.from(deep.box!.plaintext!, 'hex')
    const content = plaintext.subarray(plaintext.findIndex((byte, at) => at >= numbers && byte !== 0))
    const type = typeOf('crypto_data', content[0]!)!.name
    found[type] ??= {packets: {client: 0, relay: 0}, bytes: {client: 0, relay: 0}}
    const side = direction === 'c2s' ? 'client' : 'relay'
    found[type].packets[side]++
    found[type].bytes[side] += content.length
  }
  return found
}

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-stats-'))
afterAll(() => rmSync(folder, {recursive: true}))

const innerKeys = (name: string): string => fixture(`captures/${name}/inner.keylog`)

describe('packets inside opened boxes', () => {
  it.each(['small', 'two_clients'])('of %s are counted by type and sender, as its makers logged them', async name => {
    const {stdout} = await runStats([capture(name)], {keylogs: [keylog(name), innerKeys(name)], json: true})
    const {opened} = JSON.parse(stdout) as StatsJson
    const messages = Object.fromEntries(
      opened.filter(({type}) => typeNames.has(type)).map(({type, packets, bytes}) => [type, {packets, bytes}]),
    )
    expect(messages).toEqual(trueMessages(name))
  })

  it('are not there without the keys of boxes', async () => {
    const frames = join(folder, 'frames.keylog')
    const lines = readFileSync(keylog('small'), 'utf8').split('\n')
    writeFileSync(frames, lines.filter(line => line.startsWith('TOX_TCP_SESSION')).join('\n'))
    const {stdout} = await runStats([capture('small')], {keylogs: [frames], only: ['opened']})
    expect(stdout).toBe('')
  })

  it('have a table of their own, without shares, as packets hold each other', async () => {
    const keylogs = [keylog('small'), innerKeys('small')]
    const {stdout} = await runStats([capture('small')], {keylogs, only: ['opened'], columns: 80, pager: false})
    expect(stdout).toMatchInlineSnapshot(`
      "Packets inside opened boxes
      TYPE                  > COUNT  > BYTES  < COUNT  < BYTES
      ────────────────────  ───────  ───────  ───────  ───────  ──────
      OnionLayer                107  22.9 kB        -        -  ██████
      OnionAnnounceRequest      104  18.4 kB        -        -  ████▉
      FileData                    5  6.01 kB        5  6.01 kB  ███▏
      Message                    15  1.49 kB       15  1.49 kB  ▊
      OnionDataRequest            3    699 B        -        -  ▏
      OnionData                   3    288 B        3    288 B  ▏
      DhtPkAnnounce               3    240 B        3    240 B  ▏
      FileSendRequest             1     51 B        1     51 B  ▏
      Nickname                    2     13 B        2     13 B  ▏
      CustomLossless              1      9 B        1      9 B  ▏
      CryptoRequest               7      7 B        7      7 B  ▏
      CustomLossy                 1      6 B        1      6 B  ▏
      Online                      4      4 B        4      4 B  ▏
      UserStatus                  2      4 B        2      4 B  ▏
      Typing                      2      4 B        2      4 B  ▏
      FileControl                 1      4 B        1      4 B  ▏
      Alive                       2      2 B        2      2 B  ▏
      StatusMessage               2      2 B        2      2 B  ▏
      CryptoKill                  2      2 B        1      1 B  ▏
      "
    `)
  })
})

/** Types that crypto data contains. */
const typeNames = new Set(Array.from({length: 256}, (_, id) => typeOf('crypto_data', id)?.name))
