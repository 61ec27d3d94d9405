import {type Finding, finding, messageOf} from '../../expert/finding.js'
import type {Sender} from '../../wire/side.js'
import {readTagged, taggedSentence} from '../../wire/text/tagged-sentence.js'
import {fateOf, findingInjected, reasonOfBreak} from '../intercept/annotations.js'
import type {InterceptEvent} from '../intercept/intercept-event.js'
import {notesPerPacket, thrownCharacters} from '../limits.js'

/** What the proxy did, as a comment of a recorded packet says it. */
export interface RecordedNote {
  /** Sender of the packet that it is about. */
  readonly from: Sender
  /** Index of the frame on the client's leg; null: the packet is not there, or it is about no frame. */
  readonly index: number | null
  readonly finding: Finding
}

/** Notes for what the interceptor did. */
export function notesOf(event: InterceptEvent): RecordedNote[] {
  switch (event.kind) {
    case 'session':
      return []
    case 'tap':
      return [{from: 'client', index: null, finding: finding('not-intercepted', {reason: event.reason})}]
    case 'broken':
      return [{from: event.from, index: null, finding: finding('not-intercepted', {reason: reasonOfBreak(event)})}]
    case 'rewrite_failed': {
      const index = event.from === 'client' ? event.index : event.next.client
      return [{from: event.from, index, finding: finding('script-threw', {message: event.message})}]
    }
    case 'marked': {
      const index = event.from === 'client' ? event.index : event.next.client
      return [{from: event.from, index, finding: finding('packet-marked', {})}]
    }
    case 'injected': {
      const found = findingInjected(event.as)
      return event.to === 'relay'
        ? [{from: 'client', index: null, finding: found}]
        : [{from: 'relay', index: event.index, finding: found}]
    }
    case 'rewritten': {
      const injected = finding('packet-injected', {})
      const fate = fateOf(event)
      if (event.from === 'client') {
        const replies = event.back.map(
          (_, i) => ({from: 'relay', index: event.next.client + i, finding: injected}) as const,
        )
        return [{from: 'client', index: event.index, finding: fate}, ...replies]
      }
      const instead = event.onward.map(
        (_, i) => ({from: 'relay', index: event.next.client + i, finding: finding('packet-instead', {})}) as const,
      )
      const replies = event.back.map(() => ({from: 'client', index: null, finding: injected}) as const)
      return [...(instead.length > 0 ? instead : [{from: 'relay', index: null, finding: fate} as const]), ...replies]
    }
  }
}

/** Most bytes of a comment: the length of a pcapng option has 16 bits. */
const commentBytes = 65_000

/** The comment of a packet, a line for each note: a sentence, then the same for programs. */
export function commentOf(notes: readonly RecordedNote[]): string {
  let comment = ''
  for (const each of notes.slice(0, notesPerPacket)) {
    const more = comment === '' ? lineOf(each) : `${comment}\n${lineOf(each)}`
    if (new TextEncoder().encode(more).length > commentBytes) break
    comment = more
  }
  return comment
}

function lineOf({from, index, finding: found}: RecordedNote): string {
  const place = index === null ? from : `${from} frame +${index}`
  return taggedSentence(`${place}: ${messageOf(found)}`, found.code, found.data)
}

const placeStart = /^(client|relay)(?: frame \+(\d{1,15}))?: /

/** The notes in a packet's comment; none in those of other programs. */
export function notesIn(comment: string): RecordedNote[] {
  return comment
    .split('\n')
    .slice(0, notesPerPacket)
    .flatMap(text => {
      const tagged = readTagged(text)
      const [, from, index] = (tagged && placeStart.exec(tagged.sentence)) ?? []
      const found = tagged && from && findingOf(tagged.word, tagged.data)
      if (!found) return []
      return [
        {
          from: from === 'client' ? 'client' : 'relay',
          index: index === undefined ? null : Number(index),
          finding: found,
        },
      ]
    })
}

/** The finding of a comment, if it is one of the proxy's. Its values may come from anybody. */
function findingOf(code: string, values: ReadonlyMap<string, unknown>): Finding | undefined {
  const text = (name: string) => String(values.get(name) ?? '').slice(0, thrownCharacters)
  const count = (name: string) => Number(values.get(name)) || 0
  switch (code) {
    case 'not-intercepted':
      return finding(code, {reason: text('reason')})
    case 'packet-changed':
      return finding(code, {count: count('count')})
    case 'packet-delayed':
      return finding(code, {milliseconds: count('milliseconds')})
    case 'script-threw':
      return finding(code, {message: text('message')})
    case 'closed-by-proxy':
      return finding(code, {why: text('why')})
    case 'packet-dropped':
    case 'packet-late':
    case 'packet-instead':
    case 'packet-injected':
    case 'packet-held':
    case 'packet-edited':
    case 'packet-marked':
      return finding(code, {})
    default:
      return undefined
  }
}
