import {keyLogLayouts} from '../../crypto/keylog.js'
import {receiverTitles} from '../../expert/receivers.js'
import {effects, receivers, severities, severityMeaning} from '../../expert/rule.js'
import {ruleTable} from '../../expert/rules.js'
import {lifecycle, type SlotEvent, type SlotState} from '../../protocol/lifecycle.js'
import {protocolLimits} from '../../protocol/limits.js'
import type {TypeName} from '../../protocol/table.js'
import {recordKinds, recordStates} from '../../session/record-kinds.js'
import {filterReference} from './filter-reference.js'
import {indent} from './page.js'
import {writePicture} from './picture.js'
import {
  columnsReference,
  columnWords,
  kindsReference,
  packetsReference,
  payloadsReference,
  recordStatesReference,
} from './record-references.js'
import {statisticsReference, statisticsWords} from './statistics-reference.js'
import type {Topic} from './topics/topic.js'

const events: Readonly<Record<SlotEvent, TypeName>> = {
  'response<': 'route_response',
  'connect<': 'connect_notification',
  'disconnect<': 'disconnect_notification',
  'disconnect>': 'disconnect_notification',
  'data<': 'data',
  'data>': 'data',
}
const states = Object.keys(lifecycle) as SlotState[]

const statesReference: Topic = {
  kind: 'reference',
  name: 'states',
  brief: 'the life of a connection id',
  facts: {
    kind: 'reference',
    name: 'states',
    states: Object.fromEntries(states.map(state => [state, {...lifecycle[state]}])),
    events: {...events},
  },
  write(page) {
    page.title('states', 'the life of a connection id')
    page.text('State of a connection id before (column) and after (cell) each packet.')
    page.text('> from the client, < from the relay; - breaks a rule and leaves the state unchanged.')
    page.line()
    const column = Math.max(...states.map(state => state.length)) + indent
    const first = Math.max(...Object.keys(events).map(event => event.length)) + indent
    const row = (name: string, cells: readonly string[]) =>
      page.line(
        `${' '.repeat(indent)}${name.padEnd(first)}${cells.map(cell => cell.padEnd(column)).join('')}`.trimEnd(),
      )
    row('', states)
    for (const event of Object.keys(events) as SlotEvent[])
      row(
        event,
        states.map(state => lifecycle[state][event] ?? '-'),
      )
    page.head('Packets')
    page.items(Object.entries(events))
    page.line()
    page.text(
      'unknown: packets that may have changed the state were not seen (a gap, a start in the middle, a sealed ' +
        'frame). No finding depends on it.',
    )
  },
}

/** The purpose of the lines of each label. */
const labels: Readonly<Record<keyof typeof keyLogLayouts, string>> = {
  TOX_SECRET_KEY: 'Any Curve25519 pair: of a relay, a client, a session, a DHT, real or onion key.',
  TOX_TCP_SESSION: 'The session of one relay connection, found by the nonces of its handshakes. Opens its frames.',
  TOX_CRYPTO_SESSION: 'A net_crypto session, found by its two session public keys.',
  TOX_SHARED_KEY: 'The precomputed key of any pair. Found by a public key that the packet names, else tried.',
}

const keylogReference: Topic = {
  kind: 'reference',
  name: 'keylog',
  brief: 'the format of key logs',
  facts: {
    kind: 'reference',
    name: 'keylog',
    lines: Object.entries(keyLogLayouts).map(([label, words]) => ({
      label,
      about: labels[label as keyof typeof labels],
      words: Object.entries(words).map(([name, bytes]) => ({name, bytes})),
    })),
  },
  write(page) {
    page.title('keylog', 'the format of key logs, for --keylog and TOXTCP_KEYLOG')
    page.text(
      'Each line is a label and hex words. # begins a comment, - is an unknown value. Lines with other labels are ' +
        'ignored.',
    )
    for (const [label, words] of Object.entries(keyLogLayouts)) {
      page.head(label)
      page.text(labels[label as keyof typeof labels], indent)
      page.items(Object.entries(words).map(([name, bytes]) => [name, `${bytes} bytes, ${2 * bytes} hex digits`]))
    }
    page.line()
    page.text(
      'A line NAME PUBLIC-KEY SECRET-KEY, as older tools log, is read as TOX_SECRET_KEY; so is a secret key alone.',
    )
  },
}

const severitiesReference: Topic = {
  kind: 'reference',
  name: 'severities',
  brief: 'the severities of findings',
  facts: {
    kind: 'reference',
    name: 'severities',
    severities: severities.map(name => ({
      name,
      about: severityMeaning[name],
      rules: [...ruleTable.values()].filter(rule => rule.severity === name).length,
    })),
  },
  write(page) {
    page.title('severities', 'how bad findings are, the worst first')
    page.text(
      "A rule's severity follows from what receivers do. Where it is known which implementation receives a packet, a " +
        'finding is an error if that one closes the connection, and a warning if it discards the packet or closes ' +
        "another client's. --peers c-toxcore or tox-rs says it; --peers auto, the default, goes by what only one of " +
        'them does: a relay of c-toxcore forwards, a relay of tox-rs may speak first, a client of c-toxcore pings, ' +
        'and an end that goes on after a packet on which an implementation closes is not that implementation.',
    )
    page.line()
    page.items([...severities].reverse().map(name => [name, `${severityMeaning[name]} (${facts(name)} rules)`]))
  },
}

const facts = (severity: string): number => [...ruleTable.values()].filter(rule => rule.severity === severity).length

const effectsReference: Topic = {
  kind: 'reference',
  name: 'effects',
  brief: 'what receivers do with a packet that breaks a rule',
  facts: {kind: 'reference', name: 'effects', effects: {...effects}, receivers},
  write(page) {
    page.title('effects', 'what a receiver does with a packet that breaks a rule')
    page.items(Object.entries(effects))
    page.head('Receivers')
    page.items(receivers.map(receiver => [receiver, receiverTitles[receiver]]))
    page.line()
    page.text(
      'The relay is one like tox-bootstrapd, with onion and forwarding switched on. Relays receive from clients, ' +
        'clients from relays.',
    )
  },
}

const {frameLengthPrefix, mac, sealedFrameMin, sealedFrame, packet, frame} = protocolLimits
const frameCells = [
  {label: 'length', size: `${frameLengthPrefix.value} bytes`, offset: '0'},
  {label: 'MAC', size: `${mac.value} bytes`, offset: `${frameLengthPrefix.value}`},
  {label: 'sealed packet', size: `1-${packet.value} bytes`, offset: `${frameLengthPrefix.value + mac.value}`},
]

const frameReference: Topic = {
  kind: 'reference',
  name: 'frame',
  brief: 'the frame around a packet',
  facts: {
    kind: 'reference',
    name: 'frame',
    layout: frameCells.map(({label, size, offset}) => ({name: label, size, offset: Number(offset)})),
    max_length: frame.value,
    min_sealed: sealedFrameMin.value,
    max_sealed: sealedFrame.value,
  },
  write(page) {
    page.title('frame', 'the frame around each packet, after both handshakes')
    page.text(
      `At most ${frame.value} bytes. The length, big-endian, counts the bytes after it: ` +
        `${sealedFrameMin.value} to ${sealedFrame.value}.`,
    )
    page.line()
    writePicture(page, frameCells)
    page.line()
    page.text(
      'Sealed by crypto_box_afternm with the session key and a nonce: the one that the sender announced in its ' +
        'handshake, plus one for each earlier frame that is not empty. Byte p of the packet is byte p + ' +
        `${frameLengthPrefix.value + mac.value} of the frame.`,
    )
  },
}

/** Pages about more than one name, each with the other words that lead to it. */
export const references: readonly (readonly [Topic, ...string[]])[] = [
  [filterReference, 'filters', 'operators'],
  [frameReference, 'frames', 'encrypted_packet', 'EncryptedPacket'],
  [packetsReference, 'packet'],
  [payloadsReference, 'payload', 'DataPayload'],
  [columnsReference, ...columnWords],
  [statisticsReference, ...statisticsWords],
  [kindsReference, 'kind', ...Object.keys(recordKinds)],
  [recordStatesReference, 'state', ...Object.keys(recordStates)],
  [statesReference, 'lifecycle', 'state machine', ...states],
  [keylogReference, 'key log'],
  [severitiesReference, 'severity', ...severities],
  [effectsReference, 'effect', 'receivers', ...Object.keys(effects), ...receivers],
]
