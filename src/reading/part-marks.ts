import {commentsOf} from '../capture/formats/pcapng-options.js'
import type {Packet} from '../capture/packet.js'
import {limits} from '../protocol/limits.js'
import {hostPort} from '../protocol/text.js'
import type {PartStart} from '../session/connection-setup.js'
import type {End, Endpoint} from '../wire/chunk.js'
import {fromHex, toHex} from '../wire/hex/hex-bytes.js'
import {readTagged, taggedSentence} from '../wire/text/tagged-sentence.js'

// A part of a connection without its handshakes does not show which end is the relay, which session it is and how many
// frames came before. A comment of the part's first packet says it: a sentence, then the same for programs.

/** What a part of a capture does not show of one of its connections. */
export interface PartMark extends PartStart {
  /** Address and port. */
  readonly client: string
  readonly relay: string
}

/** Most marks that wait for the connection that they are about. */
const waitingMarks = 4096

const sentenceStart = 'part of a Tox connection, from '

/** The comment that carries a mark. */
export function markText({client, relay, frames, nonces}: PartMark): string {
  const places = [`client frame ${placeText(frames[0])}`, `relay frame ${placeText(frames[1])}`].join(', ')
  const data = {client, relay, frames, nonces: nonces.map(nonce => nonce && toHex(nonce))}
  return taggedSentence(`${sentenceStart}${places}: relay ${relay}`, 'part', data)
}

const placeText = (index: number | null): string => (index === null ? 'unknown' : `+${index}`)

/** What a mark holds; undefined for any other comment. */
function markData(comment: string): ReadonlyMap<string, unknown> | undefined {
  const tagged = readTagged(comment)
  return tagged?.word === 'part' && tagged.sentence.startsWith(sentenceStart) ? tagged.data : undefined
}

/** Whether an option of a packet is a mark. */
export const isMark = (option: Packet['options'][number]): boolean =>
  commentsOf([option]).some(comment => markData(comment) !== undefined)

/** The mark in a comment, which anybody may have written. */
export function markIn(comment: string): PartMark | undefined {
  const data = markData(comment)
  if (!data) return undefined
  const [client, relay] = [data.get('client'), data.get('relay')]
  if (typeof client !== 'string' || typeof relay !== 'string') return undefined
  const [ofClient, ofRelay] = listOf(data.get('frames'))
  const [clientNonce, relayNonce] = listOf(data.get('nonces'))
  return {
    client,
    relay,
    frames: [indexOf(ofClient), indexOf(ofRelay)],
    nonces: [nonceOf(clientNonce), nonceOf(relayNonce)],
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const indexOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null

const nonceOf = (value: unknown): Uint8Array | null =>
  typeof value === 'string' && /^[0-9a-f]*$/.test(value) && value.length === 2 * limits.nonce ? fromHex(value) : null

/** Finds the marks in the packets of a capture. */
export class PartMarks {
  /** By client and relay, until their connection opens. */
  readonly #waiting = new Map<string, PartMark>()

  /** Look at a packet's comments, before its bytes. */
  add({options}: Pick<Packet, 'options'>): void {
    for (const comment of commentsOf(options)) {
      const mark = markIn(comment)
      if (mark && this.#waiting.size < waitingMarks) this.#waiting.set(`${mark.client} ${mark.relay}`, mark)
    }
  }

  /** Take what is known of a connection between these ends. */
  of(ends: readonly [Endpoint, Endpoint]): {readonly relayEnd: End; readonly part: PartStart} | undefined {
    if (this.#waiting.size === 0) return undefined
    for (const relayEnd of [1, 0] as const) {
      const id = `${hostPort(ends[relayEnd === 1 ? 0 : 1])} ${hostPort(ends[relayEnd])}`
      const mark = this.#waiting.get(id)
      if (!mark) continue
      this.#waiting.delete(id)
      return {relayEnd, part: {frames: mark.frames, nonces: mark.nonces}}
    }
    return undefined
  }
}
