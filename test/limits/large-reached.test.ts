import {mkdtempSync, rmSync, truncateSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'
import {parseFollows} from '../../src/capture/follow/follow.js'
import {followText} from '../../src/capture/follow/limits.js'
import {readKeyFile} from '../../src/crypto/key-files.js'
import {Keyring} from '../../src/crypto/keyring/keyring.js'
import {SharedKeyCache} from '../../src/crypto/keyring/shared-key-cache.js'
import {cachedSharedKeys, keyFileBytes} from '../../src/crypto/limits.js'
import {SearchBudget} from '../../src/crypto/search-budget.js'
import {loadSodium} from '../../src/crypto/sodium.js'
import {relayListBytes} from '../../src/files/limits.js'
import {limits} from '../../src/protocol/limits.js'
import {Inspection} from '../../src/proxy/inspection/inspection.js'
import {uninspectedPieces} from '../../src/proxy/limits.js'
import {Arena} from '../../src/session/arena.js'
import {KeyHints} from '../../src/session/connection/opening/handshake-keys.js'
import {Trials} from '../../src/session/connection/opening/trials.js'
import {recordFromJson} from '../../src/view/from-json/record.js'
import {recordLine} from '../../src/view/limits.js'
import {checkLength} from '../../src/wire/hex/hex.js'
import {HexSink} from '../../src/wire/hex/hex-sink.js'
import {hexBytes, hexText, streamFileBytes} from '../../src/wire/limits.js'
import {toxtcpHere} from '../commands/program.js'
import {keysOf} from '../playbooks/keys.js'
import {play} from '../playbooks/play.js'

const box = await loadSodium()

describe('input that is too long', () => {
  const folder = mkdtempSync(join(tmpdir(), 'toxtcp-large-'))
  afterAll(() => rmSync(folder, {recursive: true}))
  /** A file with a hole of that size. */
  const fileOf = (bytes: number) => {
    const path = join(folder, 'file')
    writeFileSync(path, '')
    truncateSync(path, bytes)
    return path
  }

  test('a key file of over keyFileBytes is refused before its bytes are looked at', async () => {
    const read = (length: number) => readKeyFile(new Uint8Array(length), 'own.key', {box})
    await expect(read(keyFileBytes)).rejects.not.toThrow('too long')
    await expect(read(keyFileBytes + 1)).rejects.toThrow(`own.key is ${keyFileBytes + 1} bytes long, too long`)
  })

  test.each([
    ['relayListBytes', relayListBytes, ['probe']],
    ['streamFileBytes', streamFileBytes, ['stream', '--client']],
  ] as const)('a file of over %s is refused', async (_, most, words) => {
    const path = fileOf(most + 1)
    const {status, stderr} = await toxtcpHere([...words, path])
    expect([status, stderr]).toEqual([2, expect.stringContaining(`${path} is over ${most} bytes long`)])
  })

  test('a stream dump of over followText characters is refused', () => {
    expect(() => parseFollows(' '.repeat(followText + 1))).toThrow(`over ${followText} characters long`)
  })

  test('hex of over hexText characters is refused, and so are over hexBytes bytes that it says', () => {
    expect(() => checkLength('0'.repeat(hexText + 1))).toThrow(`the hex is over ${hexText} characters long`)
    const sink = new HexSink(0)
    sink.bytes(new Uint8Array(hexBytes))
    expect(() => sink.byte(0)).toThrow(`the hex has over ${hexBytes} bytes`)
  })

  test('a record of over recordLine characters is refused', () => {
    const record = (length: number) => recordFromJson(`${' '.repeat(length - 2)}{}`, 'line 1')
    expect(() => record(recordLine)).not.toThrow(`over ${recordLine}`)
    expect(() => record(recordLine + 1)).toThrow(`line 1 is over ${recordLine} characters long`)
  })
})

describe('what takes long to search', () => {
  const budget = new SearchBudget(1e9)

  test('on one connection are made at most opensPerConnection trial openings, which is said', () => {
    const trials = new Trials(new Keyring(box), {hints: new KeyHints(), budget}, new Arena())
    let made = 0
    while (trials.affords(16)) made++
    expect([made, trials.takeCutOff()]).toEqual([limits.opensPerConnection, 'connection'])
  })

  test('over cachedSharedKeys, the oldest shared key is forgotten', () => {
    const cache = new SharedKeyCache()
    const secretKey = new Uint8Array(32)
    for (let n = 0; n <= cachedSharedKeys; n++) cache.add(String(n), secretKey, [])
    expect([cache.find('0', secretKey), cache.find('1', secretKey)]).toEqual([undefined, []])
  })

  test('in the middle of a stream, the first frame opens up to middleNonceSearch nonces after the base nonce', () => {
    const keys = keysOf(0)
    const {clientNonce, relayNonce, clientBase, relayBase, client, relay} = keys.session(0)
    const sharedKey = box.sharedKey(relay.publicKey, client.secretKey)
    const state = (missed: number) => {
      const p = play(keys, {
        begin: ['middle', 'middle'],
        know: [
          {
            ...{kind: 'tcp_session', clientNonce, relayNonce, sharedKey},
            ...{clientBaseNonce: clientBase, relayBaseNonce: relayBase},
          },
        ],
      })
      p.lost('client', missed)
        .client(Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0, 1))
        .client(Uint8Array.of(16, 1))
        .stop()
      return p.records.find(({kind, from}) => kind === 'frame' && from === 'client')?.state
    }
    expect([state(limits.middleNonceSearch), state(limits.middleNonceSearch + 2)]).toEqual(['open', 'sealed'])
  })
})

test('over uninspectedPieces that wait for inspection are refused, but those of no bytes', async () => {
  let inspected = 0
  const inspection = new Inspection<number>(
    () => inspected++,
    () => {},
  )
  for (let n = 0; n < uninspectedPieces; n++) inspection.push(n, 1)
  expect([inspection.push(0, 1), inspection.push(0, 0)]).toEqual([false, true])
  await inspection.idle()
  expect(inspected).toBe(uninspectedPieces + 1)
})
