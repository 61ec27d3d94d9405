import {readFileSync} from 'node:fs'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {hexKeysFile, keyLogFile, keyPairFile, readKeyFile, readKeyText} from '../../src/crypto/key-files.js'
import type {KeyItem} from '../../src/crypto/key-item.js'
import {loadSodium} from '../../src/crypto/sodium.js'
import {fromHex, toHex} from '../../src/wire/hex/hex-bytes.js'
import {InputError} from '../../src/wire/input-error.js'
import {clientSave, type SavedFriend, saveMagic, saveSection, zeros} from './saves.js'

const box = await loadSodium()
const folder = new URL('../../fixtures/keyfiles/', import.meta.url)
const file = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)))
const expected: Record<string, {pk: string; sk: string}> = JSON.parse(
  readFileSync(new URL('expected.json', folder), 'utf8'),
)
const text = (words: string) => new TextEncoder().encode(words)
const passphrase = 'oracle password'

function hexOf(items: KeyItem[]): (string | null)[][] {
  return items.map(item =>
    item.kind === 'secret_key' ? [item.publicKey && toHex(item.publicKey), toHex(item.secretKey)] : [item.kind],
  )
}

describe('files that real programs wrote', () => {
  test.each(['tox-bootstrapd.keys', 'DHT_bootstrap.key', 'tox-node.keys'])('%s', async name => {
    const {kind, items, notes} = await readKeyFile(file(name), name, {box})
    expect(kind).toBe('key_pair')
    expect(hexOf(items)).toEqual([[expected[name]!.pk, expected[name]!.sk]])
    expect(notes).toEqual([])
  })

  test.each(['client-0.2.18.tox', 'client-0.2.23.tox'])('%s', async name => {
    const {kind, items} = await readKeyFile(file(name), name, {box})
    expect(kind).toBe('tox_save')
    expect(hexOf(items)).toEqual([[expected[name]!.pk, expected[name]!.sk]])
  })

  test('an encrypted save opens with its passphrase', async () => {
    const name = 'client-0.2.18-encrypted.tox'
    const {kind, items} = await readKeyFile(file(name), name, {box, passphrase})
    expect(kind).toBe('sealed_tox_save')
    expect(hexOf(items)).toEqual([[expected['client-0.2.18.tox']!.pk, expected['client-0.2.18.tox']!.sk]])
  })

  test('without it, or with another, the error names the variable', async () => {
    const name = 'client-0.2.18-encrypted.tox'
    for (const words of [undefined, 'oracle passwor']) {
      const error = await failure(readKeyFile(file(name), name, {box, passphrase: words}))
      expect(`${error.message} ${error.hint}`).toContain('TOXTCP_PASSPHRASE')
      expect(`${error.message} ${error.hint}`).not.toContain('oracle')
    }
  })

  test('a save cut anywhere gives its key with a note, or one sentence', async () => {
    const whole = file('client-0.2.18.tox')
    // Zeros that toxcore writes behind the end section do not count.
    const length = whole.findLastIndex(byte => byte !== 0) + 1
    let noted = 0
    for (let end = 8; end < length; end++) {
      try {
        const {items, notes} = await readKeyFile(whole.subarray(0, end), 'cut.tox', {box})
        expect(hexOf(items)).toEqual([[expected['client-0.2.18.tox']!.pk, expected['client-0.2.18.tox']!.sk]])
        expect(notes.some(note => note.includes('cut off'))).toBe(true)
        noted++
      } catch (error) {
        expect(error).toBeInstanceOf(InputError)
      }
    }
    expect(noted).toBeGreaterThan(100)
  })
})

const bin = (bytes: Iterable<number>) => [0xc4, [...bytes].length, ...bytes]

describe('groups of a save', () => {
  const [identity, self, chat] = [1, 2, 3].map(n => box.keyPair(new Uint8Array(32).fill(n))) as [Pair, Pair, Pair]
  type Pair = ReturnType<typeof box.keyPair>
  // The seven parts of a group as c-toxcore packs them; of all but the keys only the number matters.
  const group = (chatSecret: Iterable<number>) => [
    ...[0x97, 0x98, 0xc3, 5, 0, 0xcd, 0x01, 0x00, 0, 0xce, 0, 0, 0, 7, 0xce, 0xff, 0xff, 0xff, 0xff, 2],
    ...[0x95, ...bin(zeros(64)), ...bin(zeros(64)), ...bin(text('group')), ...bin([]), ...bin(zeros(32))],
    ...[0x96, 0, 0, 0, ...bin([]), ...bin(zeros(32)), ...bin(zeros(64)), 0x92, 0, 0xc0],
    ...[0x94, ...bin([...chat.publicKey, ...zeros(32)]), ...bin([...chatSecret, ...zeros(64)])],
    ...[...bin([...self.publicKey, ...zeros(32)]), ...bin([...self.secretKey, ...zeros(64)])],
    ...[0x94, 4, 1, 0, ...bin(text('nick')), 0x92, 0, 0xc0],
  ]
  const save = (groups: number[]) =>
    new Uint8Array([
      ...saveMagic,
      ...saveSection(1, [...zeros(4), ...identity.publicKey, ...identity.secretKey]),
      ...saveSection(7, groups),
      ...saveSection(255, []),
    ])

  test('this member’s pair of each, and the group’s own where it was founded', async () => {
    const {items, notes} = await readKeyFile(save([0x92, ...group(zeros(32)), ...group(chat.secretKey)]), 'g.tox', {
      box,
    })
    expect(items.map(item => item.kind === 'secret_key' && item.secretKey)).toEqual(
      [identity, self, self, chat].map(pair => pair.secretKey),
    )
    expect(notes.some(note => note.startsWith('2 groups'))).toBe(true)
  })

  test('any damage to them leaves the identity', async () => {
    const whole = [0x91, ...group(chat.secretKey)]
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), async (at, byte, cut) => {
        const damaged = cut ? whole.slice(0, at) : whole.with(at, byte)
        const {items} = await readKeyFile(save(damaged), 'g.tox', {box})
        expect(hexOf(items)[0]).toEqual([toHex(identity.publicKey), toHex(identity.secretKey)])
      }),
    )
  })
})

describe('names in a save', () => {
  const [own, bo, cy] = [1, 2, 3].map(n => box.keyPair(new Uint8Array(32).fill(n)))
  const namesOf = async (name: Uint8Array, friends: readonly SavedFriend[]) => {
    const {names, items} = await readKeyFile(clientSave(own!, name, friends), 'me.tox', {box})
    expect(items.filter(({kind}) => kind === 'friend_key')).toHaveLength(friends.length)
    return [...names!]
  }

  test('are those of the friends and its own', async () => {
    const friends = [
      {publicKey: bo!.publicKey, name: text('Бо')},
      {publicKey: cy!.publicKey, name: text('C'.repeat(128))},
    ]
    expect(await namesOf(text('Anna'), friends)).toEqual([
      [toHex(bo!.publicKey), 'Бо'],
      [toHex(cy!.publicKey), 'C'.repeat(128)],
      [toHex(own!.publicKey), 'Anna'],
    ])
  })

  test('are left out where they are empty or longer than a name can be, and escape what is not UTF-8', async () => {
    const friends = [
      {publicKey: bo!.publicKey, name: text('')},
      {publicKey: cy!.publicKey, name: text('Cy'), nameLength: 129},
      {publicKey: zeros(32), name: [0x41, 0xff]},
    ]
    expect(await namesOf(text(''), friends)).toEqual([['00'.repeat(32), 'A\\xff']])
    expect(await namesOf(text('x'.repeat(129)), [])).toEqual([])
  })

  test.each(['client-0.2.18.tox', 'client-0.2.23.tox'])('the own name in %s, which a client wrote', async name => {
    const {names} = await readKeyFile(file(name), name, {box})
    expect([...names!]).toEqual([[expected[name]!.pk, 'oracle client']])
  })
})

describe('64-byte files', () => {
  const pair = box.keyPair(new Uint8Array(32).fill(5))
  const bytes = keyPairFile(pair)

  test('a public key that does not belong: the secret key counts, and a note says so', async () => {
    const wrong = bytes.with(0, bytes[0]! ^ 1)
    const {items, notes} = await readKeyFile(wrong, 'k', {box})
    expect(hexOf(items)).toEqual([[toHex(pair.publicKey), toHex(pair.secretKey)]])
    expect(notes.length).toBe(1)
  })

  test('longer ones are read if the keys match, and refused if not', async () => {
    const long = new Uint8Array([...bytes, 0, 1, 2])
    expect((await readKeyFile(long, 'k', {box})).notes).toEqual(['the 3 bytes after the first 64 are ignored'])
    expect((await failure(readKeyFile(long.with(0, bytes[0]! ^ 1), 'k', {box}))).message).toBe(
      'k is not a key file of any known kind',
    )
  })

  test('shorter ones and captures are refused', async () => {
    expect((await failure(readKeyFile(bytes.subarray(0, 63), 'k', {box}))).message).toContain('63 binary bytes')
    const capture = new Uint8Array(readFileSync(new URL('../../fixtures/captures/small/capture.pcap', import.meta.url)))
    expect((await failure(readKeyFile(capture, 'c.pcap', {box}))).message).toBe(
      'c.pcap is not a key file of any known kind',
    )
  })
})

describe('text', () => {
  const pairs = [6, 7].map(n => box.keyPair(new Uint8Array(32).fill(n)))

  test('secret keys, one a line', async () => {
    const {kind, items} = await readKeyFile(text(hexKeysFile(pairs)), 'k.txt', {box})
    expect(kind).toBe('hex_keys')
    expect(hexOf(items)).toEqual(pairs.map(pair => [null, toHex(pair.secretKey)]))
  })

  test('a key log', async () => {
    const {kind, items} = await readKeyFile(text(keyLogFile(pairs)), 'k.log', {box})
    expect(kind).toBe('keylog')
    expect(hexOf(items)).toEqual(pairs.map(pair => [toHex(pair.publicKey), toHex(pair.secretKey)]))
  })

  test('64 bytes of hex are one key, not a pair', async () => {
    const {kind, items} = await readKeyFile(text('ab'.repeat(32)), 'k', {box})
    expect(kind).toBe('hex_keys')
    expect(hexOf(items)).toEqual([[null, 'ab'.repeat(32)]])
  })

  test('no key is a mistake, but for a key log that has just begun', async () => {
    for (const words of ['', '# nothing\n', 'hello world\n'])
      await expect(readKeyFile(text(words), 'k', {box})).rejects.toThrow(InputError)
    expect(readKeyText(text('# begun\n'), 'k', true)).toEqual({kind: 'keylog', items: [], notes: []})
  })
})

test('no bytes make it throw anything but InputError, and no error holds what was read', async () => {
  const starts = [[], saveMagic, [...text('toxEsave')], [...text('TOX_SECRET_KEY ')]]
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...starts), fc.uint8Array({maxLength: 200}), async (start, rest) => {
      try {
        await readKeyFile(new Uint8Array([...start, ...rest]), 'f', {box})
      } catch (error) {
        expect(error).toBeInstanceOf(InputError)
      }
    }),
  )
  const secret = fromHex('c5'.repeat(31))
  expect((await failure(readKeyFile(text(toHex(secret)), 'f', {box}))).message).not.toContain('c5c5')
})

async function failure(run: Promise<unknown>): Promise<InputError> {
  try {
    await run
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
  throw new Error('did not fail')
}
