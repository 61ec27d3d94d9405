import {describe, expect, it} from 'vitest'
import {Keyring} from '../../../src/crypto/keyring/keyring.js'
import {severityOf} from '../../../src/expert/finding.js'
import {Dispatcher} from '../../../src/session/recognition/dispatcher.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {Session} from '../../../src/session/session.js'
import {seeded} from '../../reading/damaged/edited-captures.js'
import {Dice, frame, type Message, otherConversations, toxConversation} from './conversations.js'

const mss = 1460

/** The connections to one server of a capture, all that are Tox and their records. */
class Server {
  readonly records: SessionRecord[] = []
  readonly dispatcher: Dispatcher
  readonly #keyring = new Keyring()
  #connection = 0

  constructor(readonly port: number) {
    const session = new Session(this.#keyring, record => this.records.push({...record}))
    this.dispatcher = new Dispatcher(session, [], this.#keyring)
  }

  /** One connection. @param isWhole its opening was captured; else it begins with these messages. */
  connect(messages: readonly Message[], isWhole: boolean): void {
    const connection = this.#connection++
    const first = messages[0]!.end
    const ends = [
      {ip: '192.0.2.1', port: 40_000 + connection},
      {ip: '192.0.2.2', port: this.port},
    ] as const
    // End 0 is who opened the connection, or who was heard first.
    const isSwapped = !isWhole && first === 1
    this.dispatcher.open(connection, {ends: isSwapped ? [ends[1], ends[0]] : ends, hasSyn: isWhole, time: null})
    for (const {end, bytes} of messages)
      for (let at = 0; at < bytes.length; at += mss)
        this.dispatcher.chunk({
          connection,
          end: isSwapped ? (end === 0 ? 1 : 0) : end,
          time: null,
          bytes: bytes.subarray(at, at + mss),
        })
    for (const end of [0, 1] as const) this.dispatcher.chunk({connection, end, time: null, close: 'fin'})
  }
}

/** A conversation without its beginning: from some message on, or from some byte of it. */
function fromTheMiddle(messages: readonly Message[], dice: Dice): Message[] {
  const rest = messages.slice(dice.number(1, messages.length - 1))
  if (dice.number(0, 1) === 0) return rest
  const [{end, bytes}, ...others] = rest as [Message, ...Message[]]
  return [{end, bytes: bytes.subarray(dice.number(0, bytes.length - 1))}, ...others]
}

const names = Object.keys(otherConversations)
const ports = [33445, 443, 3389, 40_000]

describe.each(names)('%s', name => {
  const conversation = otherConversations[name]!

  it('is not Tox from its opening, on any port', () => {
    for (const port of ports) {
      const server = new Server(port)
      const dice = new Dice(seeded(port))
      for (let i = 0; i < 40; i++) server.connect(conversation(dice), true)
      expect([server.dispatcher.count, server.dispatcher.others, server.records], `port ${port}`).toEqual([0, 40, []])
    }
  })

  it('is not Tox where the capture begins in the middle', () => {
    for (const port of ports) {
      const server = new Server(port)
      const dice = new Dice(seeded(port + 1))
      for (let i = 0; i < 40; i++) server.connect(fromTheMiddle(conversation(dice), dice), false)
      expect([server.dispatcher.count, server.dispatcher.others, server.records], `port ${port}`).toEqual([0, 40, []])
    }
  })
})

describe('a relay', () => {
  it.each([443, 3389, 80])('is recognised on port %i beside the other protocol that is spoken there', port => {
    const server = new Server(port)
    const dice = new Dice(seeded(port))
    const other = otherConversations[port === 443 ? 'TLS' : port === 80 ? 'HTTP' : 'RDP']!
    for (let i = 0; i < 50; i++) {
      server.connect(other(dice), true)
      server.connect(toxConversation(dice), true)
    }
    expect([server.dispatcher.count, server.dispatcher.others]).toEqual([50, 50])
    expect(server.records.flatMap(({findings}) => findings.map(({code}) => code))).not.toContain('guessed-by-sizes')
  })

  it('is recognised where the capture begins in the middle, as a guess', () => {
    const server = new Server(443)
    const dice = new Dice(seeded(5))
    for (let i = 0; i < 50; i++) server.connect(toxConversation(dice).slice(2), false)
    expect(server.dispatcher.count).toBeGreaterThanOrEqual(48)
    const starts = server.records.filter(({kind}) => kind === 'start')
    for (const {findings} of starts) expect(findings.map(({code}) => code)).toEqual(['guessed-by-sizes'])
  })

  it('is one no more after connections that cannot be Tox', () => {
    const server = new Server(5000)
    const dice = new Dice(seeded(6))
    server.connect(toxConversation(dice), true)
    for (let i = 0; i < 20; i++) server.connect(otherConversations['TLS']!(dice), true)
    // Too little to tell by its bytes: it is Tox where the server is known for it.
    const few = [{end: 0, bytes: frame(dice, 40)}] as const
    server.connect(few, false)
    expect([server.dispatcher.count, server.dispatcher.others]).toEqual([1, 21])
    const relay = new Server(5000)
    relay.connect(toxConversation(dice), true)
    relay.connect(few, false)
    expect(relay.dispatcher.count).toBe(2)
  })
})

it('a connection that only its sizes show to be Tox accuses nobody', () => {
  const server = new Server(5000)
  const dice = new Dice(seeded(7))
  for (let i = 0; i < 50; i++) {
    const frames = Array.from({length: 8}, () => ({end: 0 as const, bytes: frame(dice, dice.number(25, 300))}))
    // What follows is out of step.
    server.connect([...frames, ...Array.from({length: 20}, () => ({end: 0 as const, bytes: dice.bytes(1460)}))], false)
  }
  const severities = new Set(server.records.flatMap(({findings}) => findings.map(found => severityOf(found))))
  expect(severities).not.toContain('error')
  expect(severities).not.toContain('warn')
})

describe('a connection through a proxy', () => {
  const ask = Buffer.from('CONNECT 192.0.2.9:33445 HTTP/1.1\r\nHost: 192.0.2.9:33445\r\n\r\n')
  const answer = (status: string) => Buffer.from(`HTTP/1.1 ${status}\r\n\r\n`)
  const dialogue = (status: string): Message[] => [
    {end: 0, bytes: ask},
    {end: 1, bytes: answer(status)},
  ]

  it('that did not connect is not Tox, and its answer is the cause of the end', () => {
    const server = new Server(8080)
    server.connect(dialogue('403 Forbidden'), true)
    expect([server.dispatcher.count, server.dispatcher.others]).toEqual([0, 1])
    expect(server.records.map(({kind}) => kind)).toEqual(['start', 'prelude', 'end', 'end'])
    expect(server.records.at(2)?.causes.map(({finding, number}) => [finding.code, finding.data, number])).toEqual([
      ['proxy-refused', {reply: 'HTTP status 403 Forbidden'}, 2],
    ])
  })

  it('that carries nothing, or another protocol, is not Tox', () => {
    const server = new Server(8080)
    const dice = new Dice(seeded(8))
    server.connect(dialogue('200 OK'), true)
    for (let i = 0; i < 20; i++) server.connect([...dialogue('200 OK'), ...otherConversations['TLS']!(dice)], true)
    expect([server.dispatcher.count, server.records]).toEqual([0, []])
  })

  it('is Tox where both handshakes follow', () => {
    const server = new Server(8080)
    const dice = new Dice(seeded(9))
    for (let i = 0; i < 20; i++) server.connect([...dialogue('200 OK'), ...toxConversation(dice)], true)
    expect(server.dispatcher.count).toBe(20)
    expect(server.records.flatMap(({findings}) => findings.map(({code}) => code))).not.toContain('guessed-by-sizes')
  })
})
