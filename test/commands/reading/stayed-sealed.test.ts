import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {keyLogLine} from '../../../src/crypto/keylog.js'
import {offsetNonce} from '../../../src/crypto/nonce.js'
import {ping, pong} from '../../../src/probe/cases/packets.js'
import {keysOf, tcpSession} from '../../playbooks/keys.js'
import {framed} from '../../playbooks/mistakes.js'
import {clientHello, relayHello} from '../../playbooks/play.js'
import {toxtcpHere} from '../program.js'

const small = 'fixtures/captures/small'
const capture = `${small}/capture.pcap`
const keylog = readFileSync(`${small}/sessions.keylog`, 'utf8').split('\n')
const [, relayPk = '', relaySecret = ''] = keylog.find(line => line.startsWith('TOX_SECRET_KEY'))!.split(' ')
const sessions = keylog.filter(line => line.startsWith('TOX_TCP_SESSION'))
/** A client's key pair of the capture. */
const client = {
  publicKey: '4e462e4daa06f129cb6dc8f9cbf6f7dc8b610136eb0b474982ff7e3856217e70',
  secretKey: '92040a187cab2e55036b4b0d7e6520f8b71b32477cefc556335de15091b0bc3d',
}

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-sealed-'))
afterAll(() => rmSync(folder, {recursive: true}))

function fileWith(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const exchangedHalves = fileWith('exchanged.keys', Buffer.from(relaySecret + relayPk, 'hex'))
const withoutBases = fileWith(
  'without-bases.keylog',
  sessions.map(line => [...line.split(' ').slice(0, 4), '-', '-'].join(' ')).join('\n'),
)
const withOtherKey = fileWith(
  'other-key.keylog',
  sessions.map(line => line.split(' ').with(3, '17'.repeat(32)).join(' ')).join('\n'),
)
const relayKeyAndOtherLog = fileWith(
  'relay-and-others.keylog',
  `TOX_SECRET_KEY ${relayPk} ${relaySecret}\n${readFileSync('fixtures/captures/two_clients/sessions.keylog', 'utf8')}`,
)

/** What stderr says of all frames of the capture. */
const ofAll = (reason: string) => `337 frames stayed sealed: ${reason}\n`
/** What it says where the keys are those of one of two clients. */
const ofOne = (reason: string, ofOther: string) =>
  `179 frames stayed sealed: ${ofOther}; 158 frames stayed sealed: ${reason}\n`

const cases: readonly (readonly [title: string, args: readonly string[], stderr: string])[] = [
  ['no key', [], ofAll('no key was given (--keylog, --key)')],
  ['an unrelated key', ['--key', 'fixtures/keyfiles/DHT_bootstrap.key'], ofAll('1 key was tried, and does not fit')],
  [
    'several unrelated keys',
    ['--key', 'fixtures/keyfiles/DHT_bootstrap.key', '--secret-key', '5'.repeat(64)],
    ofAll('2 keys were tried, and none fits'),
  ],
  [
    'a log of other sessions',
    ['--keylog', 'fixtures/captures/port_reuse/sessions.keylog'],
    ofAll('the key log belongs to other sessions'),
  ],
  [
    "a log of other sessions, and the relay's secret key",
    ['--keylog', relayKeyAndOtherLog],
    ofAll('the session key is missing, and the key log belongs to other sessions'),
  ],
  [
    'a .tox save',
    ['--key', 'fixtures/keyfiles/client-0.2.18.tox'],
    ofAll(
      'fixtures/keyfiles/client-0.2.18.tox is a .tox save, which cannot open these: it has no key of its ' +
        'connections to relays',
    ),
  ],
  [
    'a key file with its halves exchanged',
    ['--key', exchangedHalves],
    ofAll(`${exchangedHalves} has its halves exchanged: the public key comes first, then the secret one`),
  ],
  [
    'a public key',
    ['--secret-key', client.publicKey],
    ofAll('the key from --secret-key is a public key, not a secret one'),
  ],
  [
    'shared keys without base nonces',
    ['--keylog', withoutBases],
    ofAll('the shared key is known, and the base nonce is missing: a key that opens the handshakes shows it'),
  ],
  [
    "a client's secret key without its relay's public key",
    ['--secret-key', client.secretKey],
    ofOne("the client's secret key is there, and --relay-pk is missing", '1 key was tried, and does not fit'),
  ],
  [
    "a client's secret key with the public key of another relay",
    ['--secret-key', client.secretKey, '--relay-pk', client.publicKey],
    ofOne(
      "the client's secret key is there, and no public key of a relay that was given fits",
      '2 keys were tried, and none fits',
    ),
  ],
  [
    "lines with a wrong key and a client's secret key without its relay's public key",
    ['--keylog', withOtherKey, '--secret-key', client.secretKey],
    ofOne(
      "the key that was given for the connection does not open them; the client's secret key is there, and --relay-pk " +
        'is missing',
      'the key that was given for the connection does not open them',
    ),
  ],
  [
    "the relay's secret key",
    ['--secret-key', relaySecret],
    ofAll('the session key is missing: a key log has it, or the secret key of a session'),
  ],
  [
    'lines of the right sessions with a wrong key',
    ['--keylog', withOtherKey],
    ofAll('the key that was given for the connection does not open them'),
  ],
  ['the right log', ['--keylog', `${small}/sessions.keylog`], ''],
]

describe('one line on stderr says what stayed sealed, and why, with', () => {
  it.each(cases)('%s', async (_, args, stderr) => {
    for (const command of ['read', 'stats', 'why']) {
      const run = await toxtcpHere([command, capture, ...args])
      expect([command, run.stderr, run.status]).toEqual([command, stderr, 0])
    }
  })

  it('no key for a stream, and for frames as hex', async () => {
    const half = (end: string) => `fixtures/streams/small/0.${end}.bin`
    const stream = await toxtcpHere(['stream', '--client', half('client'), '--relay', half('relay')])
    expect(stream.stderr).toBe('158 frames stayed sealed: no key was given (--keylog, --key)\n')
    const frame = readFileSync(half('client')).subarray(128, 128 + 29)
    const decode = await toxtcpHere(['decode', '--as', 'frames', frame.toString('hex')])
    expect(decode.stderr).toContain('stayed sealed: no key was given (--keylog, --key)\n')
  })

  it('a session line, where one client seals with a long-term key and its relay is not named', async () => {
    const keys = keysOf(1)
    const {box, client, relay} = keys
    const secrets = keys.session(0)
    const right = box.sharedKey(secrets.relay.publicKey, secrets.client.secretKey)
    const wrong = box.sharedKey(relay.publicKey, client.secretKey)
    const frames = (base: Uint8Array, key: Uint8Array, packet: (id: number) => Uint8Array) =>
      [0, 1, 2].map(index => {
        const sealed = box.seal(packet(index + 1), offsetNonce(base, index, new Uint8Array(24)), key)
        return framed(sealed.length, sealed)
      })
    const ofClient = [clientHello(keys, secrets), ...frames(secrets.clientBase, wrong, ping)]
    const ofRelay = [relayHello(keys, secrets), ...frames(secrets.relayBase, right, pong)]
    const line = keyLogLine(tcpSession(secrets, right))
    const stderrWith = async (...args: string[]) => {
      const run = await toxtcpHere([
        ...['stream', '--client', fileWith('client.bin', Buffer.concat(ofClient))],
        ...['--relay', fileWith('relay.bin', Buffer.concat(ofRelay))],
        ...['--keylog', fileWith('line.keylog', `${line}\n`), ...args],
      ])
      return run.stderr
    }
    const others = '3 frames stayed sealed: others of the same connection opened, these did not'
    const clientSecret = ['--secret-key', Buffer.from(client.secretKey).toString('hex')]
    const relayPublic = ['--relay-pk', Buffer.from(relay.publicKey).toString('hex')]
    expect(await stderrWith()).toBe(`${others}\n`)
    expect(await stderrWith(...clientSecret)).toBe(
      `${others}; the client's secret key is there, and --relay-pk is missing\n`,
    )
    expect(await stderrWith(...clientSecret, ...relayPublic)).toBe('')
  })
})
