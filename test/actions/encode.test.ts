import {mkdtempSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {type EncodeOptions, encode} from '../../src/actions/encode.js'
import {loadSodium} from '../../src/crypto/sodium.js'
import {openedWindow} from '../../src/protocol/table.js'
import {recordToJson} from '../../src/view/forms/json.js'
import {toHex} from '../../src/wire/hex/hex-bytes.js'
import {InputError} from '../../src/wire/input-error.js'
import {RecordedIo} from '../terminal/recorded-io.js'
import {hex, lonePacket, loneType, smallRecords} from '../view/records.js'
import {typeNameOf, vectors} from '../view/vectors.js'

/** What the action writes about an input that comes in pieces of some bytes. */
async function run(input: string, options: Partial<EncodeOptions> = {}, piece = 65_536): Promise<string[]> {
  const all = Buffer.from(input)
  const count = Math.ceil(all.length / piece)
  const stdin = Array.from({length: count}, (_, i) => all.subarray(i * piece, (i + 1) * piece))
  const recorded = new RecordedIo({stdin})
  expect(await encode({files: [], seal: false, ...options}, recorded.io)).toBe(0)
  return recorded.stdout === '' ? [] : recorded.stdout.trimEnd().split('\n')
}

const ping = '{"type":"ping_request","fields":{"ping_id":"0000000000000001"}}'
const sealing = {seal: true, sharedKeys: ['01'.repeat(32)], nonces: ['ff'.repeat(24)]}

describe('encode', () => {
  it('gives every vector its bytes back', async () => {
    const lone = vectors.filter(({type}) => type !== 'EncryptedFrame')
    const lines = lone.map(vector => recordToJson(loneType(typeNameOf(vector), hex(vector.hex)), {bytes: false}))
    expect(lone.length).toBeGreaterThan(600)
    expect(await run(lines.join('\n'))).toEqual(lone.map(vector => vector.hex))
  })

  it('seals every frame of the vectors as it was', async () => {
    const frames = vectors.filter(({type}) => type === 'EncryptedFrame')
    expect(frames.length).toBeGreaterThan(10)
    for (const {hex: wire, fields} of frames) {
      const {key, nonce, plaintext} = fields as Record<'key' | 'nonce' | 'plaintext', string>
      const line = recordToJson(lonePacket(hex(plaintext)), {bytes: false})
      expect(await run(line, {seal: true, sharedKeys: [key], nonces: [nonce]})).toEqual([wire])
    }
  })

  it('seals every handshake of the vectors as it was, from its open fields', async () => {
    const box = await loadSodium()
    const handshakes = vectors.filter(
      ({type}) => type.endsWith('Handshake') && !type.includes('Crypto') && !type.includes('Gc'),
    )
    expect(handshakes.length).toBeGreaterThan(20)
    for (const vector of handshakes) {
      const keys = vector.keys!
      const sharedKey = toHex(box.sharedKey(hex(keys['relay_pk']!), hex(keys['client_sk']!)))
      const record = loneType(typeNameOf(vector), hex(vector.hex))
      const plain = hex(vector.fields!['plain'] as string)
      const opened = {
        ...record,
        kind: 'handshake' as const,
        state: 'open' as const,
        opened: [openedWindow(record.window!, plain)!],
      }
      const line = recordToJson(opened, {bytes: false})
      expect(await run(line, {seal: true, sharedKeys: [sharedKey]})).toEqual([vector.hex])
      expect(await run(recordToJson(opened, {bytes: true}))).toEqual([vector.hex])
      await expect(run(line)).rejects.toThrow('is open')
    }
  })

  it('rebuilds each side of a real connection, frame by frame', async () => {
    const keys = {
      client: '33a849f46c99c5687a0fec60a4c53029ed81c9f48c375193',
      relay: 'f8cdb221cdabe7c4197a1bf612ffc4ac74773bf3c0f08fca',
    }
    const sharedKey = '0836464b485a1c18837483648dd344ccf196bfdd565d55d92a7c605c75d11b75'
    const records = (await smallRecords()).filter(({kind}) => kind !== 'handshake')
    for (const bytes of [false, true]) {
      // Boxes inside that were opened are sealed again only with their bytes.
      const lines = records.map(record => recordToJson(record, {bytes: bytes || record.opened.length > 0})).join('\n')
      for (const from of ['client', 'relay'] as const) {
        const wire = records
          .filter(record => record.kind === 'frame' && record.from === from)
          .map(record => toHex(record.wire!))
        expect(await run(lines, {seal: true, sharedKeys: [sharedKey], nonces: [keys[from]], from})).toEqual(wire)
      }
    }
  })

  it('reads lines however they are cut', async () => {
    const lines = `${ping}\n\n  ${ping}\r\n{"kind":"end","type":null}\n${ping}`
    const whole = await run(lines)
    expect(whole).toEqual(['040000000000000001', '040000000000000001', '040000000000000001'])
    for (const piece of [1, 2, 3, 7, 64]) expect(await run(lines, {}, piece)).toEqual(whole)
  })

  it.each(['toString', 'valueOf', 'constructor', '__proto__', 'hasOwnProperty', 'toJSON'])(
    'refuses a record that has %s where something else is expected',
    async name => {
      const odd = `{"${name}":1}`
      for (const line of [
        odd,
        `{"type":"${name}"}`,
        `{"type":${odd}}`,
        `{"type":"ping_request","fields":${odd}}`,
        `{"type":"ping_request","fields":{"ping_id":${odd}}}`,
        `{"type":"ping_request","id":${odd},"fields":{"ping_id":"00"}}`,
        `{"type":"ping_request","from":${odd}}`,
        `{"type":"oob_send","fields":{},"inner":${odd}}`,
        `{"type":"oob_send","fields":{},"inner":{"type":"${name}"}}`,
      ])
        await expect(run(line), line).rejects.toThrow(InputError)
    },
  )

  it('refuses JSON that is nested deeper than a record can be', async () => {
    const deep = (text: string, depth: number) => text.repeat(depth)
    for (const line of [
      deep('[', 100_000),
      `${deep('[', 100_000)}${deep(']', 100_000)}`,
      `${deep('{"type":"data","inner":', 20_000)}{}${deep('}', 20_000)}`,
      `{"type":"ping_request","fields":{"ping_id":${deep('{"a":', 50_000)}1${deep('}', 50_000)}}}`,
    ])
      await expect(run(line)).rejects.toMatchObject({hint: expect.stringContaining('it is nested over 64 levels deep')})
    expect(await run('{"type":"ping_request","fields":{"ping_id":"0000000000000001"},"note":"[[\\"[["}')).toEqual([
      '040000000000000001',
    ])
  })

  it('gives any packet its bytes back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({minLength: 1, maxLength: 80}), {minLength: 1, maxLength: 20}),
        async packets => {
          const lines = packets.map(bytes => recordToJson(lonePacket(bytes), {bytes: false})).join('\n')
          expect(await run(lines)).toEqual(packets.map(bytes => toHex(bytes)))
        },
      ),
      {numRuns: 50},
    )
  })

  it('seals the open box of a payload, and of a packet with one key for each box', async () => {
    const [pk, nonce, real] = ['01', '02', '03'].map(byte => byte.repeat(32))
    const fields = {pk, nonce: nonce!.slice(16), real_pk: real, padding: '00'.repeat(32), echo_id: '0'.repeat(16)}
    const request = {type: 'cookie_request', fields}
    const key = '04'.repeat(32)
    const [payload] = await run(JSON.stringify(request), {seal: true, sharedKeys: [key]})
    expect(payload).toHaveLength(145 * 2)
    const oob = JSON.stringify({type: 'oob_send', fields: {destination_pk: real}, inner: request})
    expect(await run(oob, {seal: true, sharedKeys: [key]})).toEqual([`06${real}${payload}`])
    const [frame] = await run(oob, {...sealing, sharedKeys: ['05'.repeat(32), key]})
    expect(frame).toHaveLength((2 + 16 + 33 + 145) * 2)
    await expect(run(oob)).rejects.toThrow('the box of CookieRequest is open')
    await expect(run(oob, {seal: true, sharedKeys: [key, key, key]})).rejects.toThrow('3 keys are given')
    const data = {type: 'crypto_data', fields: {nonce_last_bytes: 7, buffer_start: 0, packet_number: 1, padding: 2}}
    const message = JSON.stringify({...data, inner: {type: 'message', fields: {text: 'hi'}}})
    await expect(run(message, {seal: true, sharedKeys: [key]})).rejects.toThrow('does not name the nonce')
    const [sealed] = await run(message, sealing)
    expect(sealed).toMatch(/^1b0007/)
    expect(sealed).toHaveLength((3 + 16 + 4 + 4 + 2 + 3) * 2)
  })

  it('advances the nonce with each frame, with carry', async () => {
    const two = await run(`${ping}\n${ping}`, sealing)
    const first = await run(ping, sealing)
    const second = await run(ping, {...sealing, nonces: ['00'.repeat(24)]})
    expect(two).toEqual([...first, ...second])
  })

  it('passes frames on that were never open, if their bytes are there', async () => {
    const sealed = '{"kind":"frame","state":"sealed","type":null,"wire":"0011aabb"}'
    const third = await run(ping, {...sealing, nonces: ['00'.repeat(24)]})
    expect(await run(`${sealed}\n${ping}`, sealing)).toEqual(['0011aabb', ...third])
    expect(await run(sealed)).toEqual(['0011aabb'])
    await expect(run('{"kind":"frame","state":"sealed","type":null}')).rejects.toThrow(
      'line 1 is a frame that is not open: its packet is not known',
    )
    await expect(run('{"kind":"frame","state":"sealed","type":null}', sealing)).rejects.toThrow(
      'its bytes are not there',
    )
    expect(await run('{"kind":"frame","state":"plain","type":null}', sealing)).toEqual(['0000'])
    expect(await run('{"kind":"frame","state":"plain","type":null}')).toEqual([])
  })

  it('takes one side only, if asked to', async () => {
    const lines = `${ping.replace('{', '{"from":"client",')}\n${ping.replace('{', '{"from":"relay",').replace('01"', '02"')}`
    expect(await run(lines, {from: 'relay'})).toEqual(['040000000000000002'])
  })

  it('reads files, and names them in errors', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'toxtcp-encode-'))
    const [good, bad] = [join(folder, 'good.jsonl'), join(folder, 'bad.jsonl')]
    writeFileSync(good, `${ping}\n`)
    writeFileSync(bad, `${ping}\n{"type":"pong"}\n`)
    expect(await run('', {files: [good, good]})).toEqual(['040000000000000001', '040000000000000001'])
    await expect(run('', {files: [bad]})).rejects.toThrow(`${bad}, line 2: type "pong" is unknown`)
    await expect(run('', {files: [join(folder, 'none')]})).rejects.toThrow('there is no such file')
  })

  it('writes all records before one with a mistake, however the input is cut', async () => {
    for (const piece of [1, 64, 65_536]) {
      const all = Buffer.from(`${ping}\n${ping}\n{bad\n${ping}\n`)
      const count = Math.ceil(all.length / piece)
      const stdin = Array.from({length: count}, (_, i) => all.subarray(i * piece, (i + 1) * piece))
      const recorded = new RecordedIo({stdin})
      await expect(encode({files: [], seal: false}, recorded.io)).rejects.toThrow('line 3 is not JSON')
      expect(recorded.stdout).toBe('040000000000000001\n040000000000000001\n')
    }
  })

  it.each([
    [{sharedKeys: ['01'.repeat(32)]}, '--shared-key is given without --seal'],
    [{nonces: ['01'.repeat(24)]}, '--nonce is given without --seal'],
    [{seal: true}, '--seal needs a key'],
    [{seal: true, sharedKeys: ['01']}, '--shared-key is not 64 hex digits but 2 characters'],
    [{...sealing, nonces: ['xx']}, '--nonce "xx" is not 48 hex digits'],
    [{seal: true, sharedKeys: ['01'.repeat(32)]}, 'line 1: sealing a frame needs a nonce'],
  ])('refuses the options %j', async (options, message) => {
    await expect(run(ping, options)).rejects.toThrow(InputError)
    await expect(run(ping, options)).rejects.toThrow(message)
  })

  it('refuses what cannot be sealed with one key', async () => {
    const handshake = JSON.stringify({
      type: 'relay_handshake',
      fields: {nonce: '11'.repeat(24), session_pk: '22'.repeat(32), base_nonce: '33'.repeat(24)},
    })
    await expect(run(`${handshake}\n${ping}`, sealing)).rejects.toThrow(
      'line 2 is a frame, but --shared-key sealed the handshake at line 1',
    )
    const payload = '{"type":"crypto_data","fields":{"nonce_last_bytes":1,"payload":""}}'
    await expect(run(payload, sealing)).rejects.toThrow('CryptoData alone does not go into a frame')
  })

  it('refuses a terminal that nobody types at', async () => {
    const {io} = new RecordedIo({isInputTerminal: true})
    await expect(encode({files: [], seal: false}, io)).rejects.toThrow('there is nothing to encode')
  })

  it('reports the rules that what it writes breaks, and writes it', async () => {
    const recorded = new RecordedIo({
      stdin: [
        Buffer.from(
          `${ping}\n{"type":"ping_request","fields":{"ping_id":"0000000000000000"},"from":"client"}\n` +
            '{"type":"cookie_request","plaintext":"1800"}\n',
        ),
      ],
    })
    expect(await encode({files: [], seal: false}, recorded.io)).toBe(0)
    expect(recorded.stdout).toBe('040000000000000001\n040000000000000000\n1800\n')
    expect(recorded.stderr).toContain('line 2: warn ping-zero: ping id 0')
    expect(recorded.stderr).toContain('line 3: warn data-payload-length: CookieRequest is 2 bytes, not 145')
    expect(recorded.stderr).not.toContain('line 1')
  })

  it('refuses data whose connection id is the id of another packet', async () => {
    for (const id of [0, 4, 15])
      await expect(run(`{"type":"data","fields":{"connection_id":${id},"data":"1b00"}}`)).rejects.toThrow(
        `line 1: fields.connection_id ${id} is not an id of data`,
      )
    expect(await run('{"type":"data","fields":{"connection_id":16,"data":"1b00"}}')).toEqual(['101b00'])
  })
})
