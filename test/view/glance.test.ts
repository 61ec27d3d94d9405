import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {loadKeys} from '../../src/files/keys/load-keys.js'
import {captureSource} from '../../src/library/capture/capture-input.js'
import {typeOf, types} from '../../src/protocol/table.js'
import {runCapture} from '../../src/reading/capture-run.js'
import type {SessionRecord} from '../../src/session/record.js'
import {processIo} from '../../src/terminal/io.js'
import {ListView} from '../../src/view/forms/list.js'
import {listPreviewBytes} from '../../src/view/limits.js'
import {theme} from '../../src/view/theme.js'
import {Times} from '../../src/view/time.js'
import {amount, amountOf} from '../amount.js'
import {captures, variants} from '../reading/capture-files.js'
import {lonePacket} from './records.js'

const list = new ListView({
  theme: theme(0),
  isAscii: false,
  width: Number.POSITIVE_INFINITY,
  timeForm: 'r',
  hasConnections: true,
})

/** All that a list shows of a record, and what its findings say. */
function shown(record: SessionRecord): string {
  const {findings, causes} = record
  return `${list.row(record, new Times('r'))} ${JSON.stringify([findings, causes])}`
}

const ids = Array.from({length: 256}, (_, id) => id)
const inner = types
  .filter(({layer, id}) => (layer === 'payload' || layer === 'onion_response') && typeof id === 'number')
  .map(({id}) => id as number)

describe('a row of a list', () => {
  it('depends only on the length of a packet and its first bytes', () => {
    const packet = fc.record({
      id: fc.constantFrom(...ids),
      kind: fc.option(fc.constantFrom(...inner)),
      bytes: fc.uint8Array({minLength: listPreviewBytes + 1, maxLength: 2032, size: 'max'}),
      rest: fc.uint8Array({minLength: 2032, maxLength: 2032, size: 'max'}),
      from: fc.constantFrom('client', 'relay', null),
    })
    fc.assert(
      fc.property(packet, ({id, kind, bytes, rest, from}) => {
        bytes[0] = id
        const tail = typeOf('packet', id)!
        if (kind !== null && tail.tail >= 0) bytes[tail.placed[tail.tail]!.offset!] = kind
        const changed = Uint8Array.from(bytes, (byte, at) => (at < listPreviewBytes ? byte : rest[at]!))
        expect(shown(lonePacket(changed, from))).toBe(shown(lonePacket(bytes, from)))
      }),
      // Long packets shrink slowly, and show nothing more when they are short.
      {numRuns: amount(3000, 500), endOnFailure: true},
    )
  })

  it.each([...amountOf(captures, 6), ...amountOf(variants, 6)])(
    'is the same where the rest of each plaintext was never decrypted: $name',
    async ({file, keylogs}) => {
      const rows = async (plaintext: number | undefined) => {
        const {keyring} = await loadKeys({key: [], keylog: keylogs, secretKey: [], relayPk: [], env: {}})
        const out: string[] = []
        await runCapture({
          // A live source: no row waits until it is known where its packet arrives.
          sources: [{...captureSource(file, processIo()), isLive: true}],
          keyring,
          ports: [],
          take: record => out.push(shown(record)) > 0,
          plaintext,
        })
        return out
      }
      const [whole, head] = [await rows(undefined), await rows(listPreviewBytes)]
      expect(head.length).toBeGreaterThan(3)
      expect(head).toEqual(whole)
    },
  )
})
