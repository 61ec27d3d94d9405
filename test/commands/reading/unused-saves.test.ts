import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {fromHex, toHex} from '../../../src/wire/hex/hex-bytes.js'
import {clientSave} from '../../crypto/saves.js'
import {toxtcpHere} from '../program.js'

const small = 'fixtures/captures/small'
const capture = `${small}/capture.pcap`
const keylog = ['--keylog', `${small}/sessions.keylog`]
/** The save of a client that is not in the capture. */
const stranger = 'fixtures/keyfiles/client-0.2.18.tox'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-saves-'))
afterAll(() => rmSync(folder, {recursive: true}))

interface KeysOfRun {
  readonly tox_identities: Readonly<Record<'A' | 'B', {readonly real_pk: string; readonly real_sk: string}>>
}
const {A, B} = (JSON.parse(readFileSync(`${small}/keys.json`, 'utf8')) as KeysOfRun).tox_identities
const own = {publicKey: fromHex(B.real_pk), secretKey: fromHex(B.real_sk)}
const save = join(folder, 'b.tox')
writeFileSync(save, clientSave(own, [], [{publicKey: fromHex(A.real_pk), name: []}]))

/** An announce request of the save's owner, whose box nothing opens: it names the owner and not the node. */
const announce = toHex(Uint8Array.of(0x83, ...new Uint8Array(24), ...own.publicKey, ...new Uint8Array(152)))

const fits = `${stranger} opened nothing: its keys fit none of the 4 boxes sealed for an identity or a group\n`

describe('a .tox save that opens nothing', () => {
  it.each([
    ['read', capture],
    ['stats', capture],
    ['why', capture],
    ['stats', '--json', capture],
  ])('is named by %s with the reason, in one line', async (...args) => {
    expect((await toxtcpHere([...args, ...keylog, '--key', stranger])).stderr).toBe(fits)
  })

  it('is named by stream with the reason, in one line', async () => {
    const halves = ['client', 'relay'].map(side => `fixtures/streams/small/0.${side}.bin`)
    const {stderr} = await toxtcpHere(['stream', ...halves, ...keylog, '--key', stranger])
    expect(stderr).toMatch(
      new RegExp(
        `^${stranger} opened nothing: its keys fit none of the \\d+ boxes sealed for an identity or a group\\n$`,
      ),
    )
  })

  it('is named once where the frames of its connections stay sealed', async () => {
    const {stderr} = await toxtcpHere(['read', capture, '--key', stranger])
    expect(stderr.split(stranger)).toHaveLength(2)
  })

  it('is named by decode, also where a key of the frames is given', async () => {
    const nothing = `${stranger} opened nothing: no packet that could be read has a box for an identity or a group\n`
    expect((await toxtcpHere(['decode', '040000000000000001', '--key', stranger])).stderr).toBe(nothing)
    const keys = ['--shared-key', '00'.repeat(32), '--nonce', '00'.repeat(24), '--key', stranger]
    expect((await toxtcpHere(['decode', '040000000000000001', ...keys])).stderr).toContain(nothing)
  })

  it('is named with the number of boxes that name its key', async () => {
    const {stderr} = await toxtcpHere(['decode', '--as', 'onion_announce_request', announce, '--key', save])
    expect(stderr).toBe(
      `${save} opened nothing: 1 box names its key, and no public key that is known is the other half\n`,
    )
  })

  it('is not named where it opened a box, alone or beside a log that has the same key', async () => {
    const inner = ['--keylog', `${small}/inner.keylog`]
    expect((await toxtcpHere(['read', capture, ...keylog, '--key', save])).stderr).toBe('')
    expect((await toxtcpHere(['read', capture, ...keylog, ...inner, '--key', save])).stderr).toBe('')
  })
})
