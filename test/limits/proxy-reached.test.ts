import {once} from 'node:events'
import {connect} from 'node:net'
import {describe, expect, onTestFinished, test} from 'vitest'
import {blockOption} from '../../src/capture/formats/pcapng-options.js'
import {Keyring} from '../../src/crypto/keyring/keyring.js'
import {loadSodium} from '../../src/crypto/sodium.js'
import {finding} from '../../src/expert/finding.js'
import {HandInterception} from '../../src/live/hand-interception.js'
import {startEmbedded} from '../../src/live/relay/embedded.js'
import {sealClientHandshake} from '../../src/peer/handshake.js'
import {clientsPerAddress, unconfirmedClients} from '../../src/peer/relay/limits.js'
import {LiveSession} from '../../src/proxy/inspection/live-session.js'
import type {ProxyEvent} from '../../src/proxy/inspection/proxy-event.js'
import {Intercept} from '../../src/proxy/intercept/intercept.js'
import {
  commentedPackets,
  earlyConnections,
  handConnections,
  heldPackets,
  listeners,
  notesPerPacket,
  secrets,
  shownReasons,
} from '../../src/proxy/limits.js'
import {Listeners} from '../../src/proxy/net/listener.js'
import {NoteReader} from '../../src/proxy/recording/note-reader.js'
import {commentOf, notesIn, type RecordedNote} from '../../src/proxy/recording/recorded-notes.js'
import {keysOf} from '../playbooks/keys.js'
import {begun, bytes, closed, now} from '../proxy/events.js'

const local = {host: '127.0.0.1', port: 0}

describe('sockets', () => {
  test('over listeners addresses to listen on are refused', async () => {
    const all = await Listeners.bind(Array.from({length: listeners}, () => local))
    expect(all.bound).toHaveLength(listeners)
    all.close()
    await expect(Listeners.bind(Array.from({length: listeners + 1}, () => local))).rejects.toThrow(
      `${listeners + 1} addresses to listen on are too many`,
    )
  })

  test('over earlyConnections that come before the proxy serves are closed', async () => {
    const early = await Listeners.bind([local])
    onTestFinished(() => early.close())
    const clients = []
    let closedClients = 0
    for (let n = 0; n <= earlyConnections; n++) {
      const client = connect(early.bound[0]!.port, '127.0.0.1').on('error', () => {})
      client.once('close', () => closedClients++)
      clients.push(client)
      await once(client, 'connect')
    }
    await once(clients.at(-1)!, 'close')
    let served = 0
    early.serve(
      socket => {
        served++
        socket.destroy()
      },
      () => {},
    )
    expect([served, closedClients]).toEqual([earlyConnections, 1])
  })
})

describe('the embedded relay', () => {
  const relayOf = async () => {
    const {relay} = await startEmbedded(await loadSodium(), {}, undefined, {})
    onTestFinished(() => relay.stop())
    const ended: string[] = []
    const observer = {session: () => {}, ending: (cause: string) => void ended.push(cause)}
    return {ended, connect: (n: number, ip: string) => relay.connect(n, ip, observer).on('error', () => {})}
  }

  test('over clientsPerAddress clients of one address of another machine are closed', async () => {
    const {ended, connect: open} = await relayOf()
    for (let n = 0; n < clientsPerAddress; n++) open(n, '192.0.2.1')
    expect(ended).toEqual([])
    open(clientsPerAddress, '192.0.2.1')
    open(clientsPerAddress + 1, '192.0.2.2')
    expect(ended).toEqual(['address_limit'])
  })

  test('over unconfirmedClients clients that have sent nothing, the oldest is closed', async () => {
    const {ended, connect: open} = await relayOf()
    for (let n = 0; n < unconfirmedClients; n++) open(n, '127.0.0.1')
    expect(ended).toEqual([])
    open(unconfirmedClients, '127.0.0.1')
    expect(ended).toEqual(['unconfirmed_limit'])
  })
})

describe('notes in the comments of a recording', () => {
  const note = (index: number): RecordedNote => ({from: 'client', index, finding: finding('packet-held', {})})
  const notes = (count: number) => Array.from({length: count}, (_, n) => note(n))
  const commented = (number: number, text: string) =>
    ({number, options: [[blockOption.comment, new TextEncoder().encode(text)]]}) as const

  test('of one packet, notesPerPacket are written, and as many are read', () => {
    const comment = commentOf(notes(notesPerPacket + 1))
    expect(notesIn(comment)).toEqual(notes(notesPerPacket))
    expect(notesIn(`${comment}\n${comment}`)).toHaveLength(notesPerPacket)
  })

  test('over commentedPackets whose records have not come, those of the first are forgotten', () => {
    const reader = new NoteReader()
    const comment = commentOf(notes(1))
    for (let number = 1; number <= commentedPackets + 1; number++) reader.add(commented(number, comment))
    const isAbout = (packet: number) => reader.isAbout({connection: 0, packets: [packet]})
    expect([isAbout(1), isAbout(2), isAbout(commentedPackets + 1)]).toEqual([false, true, true])
  })
})

describe('the live inspection', () => {
  const inspected = (isTox: boolean, events: readonly ProxyEvent[]) => {
    const records: string[] = []
    const said: string[] = []
    const session = new LiveSession({
      ...{keyring: new Keyring(), isTox},
      emit: ({kind, findings}) => records.push([kind, ...findings.map(({code}) => code)].join(' ')),
      note: sentence => said.push(sentence),
    })
    for (const event of events) session.observe(event)
    session.end()
    return {records, said}
  }

  test('of packets that a script drops before a connection is known to be Tox, heldPackets are shown', () => {
    const drop = (n: number): ProxyEvent => ({
      ...{kind: 'intercept', connection: 0, time: now()},
      event: {
        ...{kind: 'rewritten', from: 'relay', index: n, plain: Uint8Array.of(16, n), onward: [], back: []},
        next: {client: 0, relay: 0},
      },
    })
    const dropped = Array.from({length: heldPackets + 1}, (_, n) => drop(n))
    const handshake = bytes(0, 0, new Uint8Array(128).fill(0xaa))
    const {records} = inspected(true, [...begun(0), ...dropped, handshake, closed(0)])
    expect(records.filter(text => text.includes('packet-dropped'))).toHaveLength(heldPackets)
  })

  test('of reasons why connections are lost, the first shownReasons are shown', () => {
    const lost = (n: number): ProxyEvent => ({
      ...{kind: 'accept_failed', time: now(), message: `reason ${n}`, isOutOfDescriptors: false},
    })
    const {said} = inspected(
      true,
      Array.from({length: shownReasons + 1}, (_, n) => lost(n)),
    )
    expect(said).toEqual(
      Array.from({length: shownReasons}, (_, n) => `a connection could not be accepted: reason ${n}`),
    )
  })
})

test('over handConnections, the number of the oldest is forgotten: packets of it are not held by it', () => {
  const hand = new HandInterception(() => {})
  const rewriter = hand.rewriter(undefined)
  const end = {ip: '127.0.0.1', port: 1}
  const rewrites = Array.from({length: handConnections + 1}, (_, number) => {
    const rewrite = rewriter({number, client: end, relay: end, inject: () => true})
    hand.recordedAs(number, number)
    return rewrite
  })
  hand.recordedAs(0, 5000)
  hand.recordedAs(1, 5001)
  hand.order({action: 'drop', filter: 'connection == 5000 || connection == 5001', count: 9})
  const isDropped = (n: number) => rewrites[n]!({from: 'client', index: 0, plain: Uint8Array.of(16, 1)}) !== undefined
  expect([isDropped(0), isDropped(1), isDropped(2)]).toEqual([false, true, false])
})

test('on a client’s handshake, the first secrets secret keys are tried', async () => {
  const box = await loadSodium()
  const keys = keysOf(0)
  const {client, clientBase, clientNonce} = keys.session(0)
  const shared = box.sharedKey(keys.relay.publicKey, keys.client.secretKey)
  const hello = sealClientHandshake(
    box,
    keys.client.publicKey,
    {sessionKey: client.publicKey, baseNonce: clientBase},
    clientNonce,
    shared,
  )
  const isIntercepted = (others: number) => {
    const other = {of: 'relay', secretKey: new Uint8Array(32).fill(8)} as const
    const events: string[] = []
    const intercept = new Intercept({
      ...{box, random: (bytes: number) => new Uint8Array(bytes).fill(5), report: ({kind}) => events.push(kind)},
      secrets: [...Array.from({length: others}, () => other), {of: 'relay', secretKey: keys.relay.secretKey}],
    })
    intercept.received('client', hello)
    return !events.includes('tap')
  }
  expect([isIntercepted(secrets - 1), isIntercepted(secrets)]).toEqual([true, false])
})
