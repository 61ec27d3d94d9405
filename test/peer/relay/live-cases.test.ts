import {createSocket} from 'node:dgram'
import {once} from 'node:events'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {connect, type Socket} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {type RelayModel, relayModels} from '../../../src/peer/relay/models.js'
import {ping, pong} from '../../../src/probe/cases/packets.js'
import {concatBytes} from '../../../src/wire/bytes.js'
import {fromHex, toHex} from '../../../src/wire/hex/hex-bytes.js'
import {Program} from '../../commands/proxy/proxy-program.js'
import {patience} from '../../patience.js'
import {type Speaker, toxClient} from '../../proxy/tox-ends.js'
import {type BehaviourCase, type CaseSession, casesOf} from '../../session/cases.js'
import {newerAnswers, RecordedClient, recordedReplies, udpAnswers} from './recorded-client.js'

const box = await loadSodium()
const cases = casesOf('relay')
const relayKey = fromHex(cases[0]!.primary.relay_sk)
const publicKey = box.publicKey(relayKey)
const folder = mkdtempSync(join(tmpdir(), 'toxtcp-live-cases-'))
const keyFile = join(folder, 'relay.key')
writeFileSync(keyFile, concatBytes([publicKey, relayKey]), {mode: 0o600})
afterAll(() => rmSync(folder, {recursive: true}))

const isPing = (packet: string) => /^04.{16}$/.test(packet)
/** Ids of a ping that no recorded client sent. */
const lastPing = 0x7fff_0001
/** Time after which a case is given up, in milliseconds. */
const longest = 5_000 * patience

type Outcome = 'kept' | 'dropped' | 'stalled'

/** What a relay did in one case. */
interface Result {
  readonly outcome: Outcome
  /** Packets that each of its clients heard, hex. */
  readonly heard: readonly (readonly string[])[]
}

/** Answers what the relay sends by UDP, as the node of the recorded case did. */
async function udpNode({name, sessions}: BehaviourCase) {
  const answers = sessions.flatMap(recordedReplies).filter(reply => /^0[9b]/.test(reply))
  const socket = createSocket('udp4')
  socket.on('message', (bytes, from) => {
    const inner = udpAnswers[name] ?? answers.shift()?.slice(2)
    if (inner === undefined) return
    const head =
      bytes[0] === 0x81 ? [Uint8Array.of(0x8e), bytes.subarray(-59)] : [Uint8Array.of(0x92), bytes.subarray(1, 47)]
    socket.send(concatBytes([...head, fromHex(inner)]), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket
}

/** Where a request names the port of the node that it goes to. */
function portOffset(packet: Uint8Array): number | undefined {
  if (packet[0] === 8 && packet.length > 44) return 42
  if (packet[0] !== 10) return undefined
  return packet[1] === 2 ? 6 : packet[1] === 10 ? 18 : undefined
}

/** A recorded client on a socket. */
class LiveClient {
  readonly recorded: RecordedClient
  readonly #pings: readonly string[]
  #socket: Socket | undefined
  #check = () => {}
  isClosed = false

  constructor(session: CaseSession, nodePort: number) {
    this.#pings = recordedReplies(session).filter(isPing)
    this.recorded = new RecordedClient(session, publicKey, plain => this.#edited(plain, nodePort))
  }

  get heard(): readonly string[] {
    return this.recorded.heard
  }

  /** The port of our node for the recorded one, the id of the relay's live ping for the recorded one. */
  #edited(plain: Uint8Array, nodePort: number): Uint8Array {
    const edited = new Uint8Array(plain)
    const at = portOffset(plain)
    if (at !== undefined) edited.set([nodePort >> 8, nodePort & 0xff], at)
    const [asked] = this.#pings
    const live = this.heard.find(isPing)
    return asked && live && toHex(plain) === `05${asked.slice(2)}` ? fromHex(`05${live.slice(2)}`) : edited
  }

  async write(bytes: Uint8Array, port: number): Promise<void> {
    if (!this.#socket) {
      this.#socket = connect({port, host: '127.0.0.1', noDelay: true})
      this.#socket.on('error', () => {})
      this.#socket.on('data', part => {
        this.recorded.hear(new Uint8Array(part))
        this.#check()
      })
      this.#socket.once('close', () => {
        this.isClosed = true
        this.#check()
      })
      await once(this.#socket, 'connect')
    }
    if (bytes.length > 0 && !this.isClosed) this.#socket.write(bytes)
  }

  /** Resolves once it holds, the relay has closed, or the case is given up. */
  async until(holds: () => boolean): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>(done => {
      timer = setTimeout(done, longest)
      this.#check = () => {
        if (holds() || this.isClosed) done()
      }
      this.#check()
    })
    clearTimeout(timer)
    this.#check = () => {}
  }

  /** Whether the relay pinged the recorded client. */
  get isPinged(): boolean {
    return this.#pings.length > 0
  }

  /** Wait for the expected outcome. @returns what happened; stalled: open, but a ping is not answered. */
  async outcome(expected: Outcome | null): Promise<Outcome> {
    if (expected === 'dropped') await this.until(() => false)
    if (this.isClosed) return 'dropped'
    // A part of a handshake or of a frame cannot be followed by a ping.
    if (!this.recorded.hasMet || this.recorded.isUnfinished) return 'kept'
    this.#socket!.write(this.recorded.frame(ping(lastPing)))
    await this.until(() => this.heard.includes(toHex(pong(lastPing))))
    return this.isClosed ? 'dropped' : this.heard.includes(toHex(pong(lastPing))) ? 'kept' : 'stalled'
  }

  destroy(): void {
    this.#socket?.destroy()
  }
}

/** Wait until the relay has done what follows from all that was sent: it answers another client twice. */
async function settled(witness: Speaker): Promise<void> {
  for (let i = 0; i < 2; i++) {
    witness.say(ping(1))
    await witness.packets(witness.heard.length + 1)
  }
}

/** Play a case's connections against the relay at a port, in the order in which they were recorded. */
async function replay(each: BehaviourCase, model: RelayModel, port: number): Promise<Result> {
  const {sessions, primary} = each
  const [witness, node] = [await toxClient(port, publicKey), await udpNode(each)]
  const clients = sessions.map(session => new LiveClient(session, node.address().port))
  const steps = sessions
    .flatMap(({timeline}, at) => timeline.map(step => ({...step, client: clients[at]!})))
    .sort((a, b) => a.t - b.t)
  for (const [i, {client, dir, hex}] of steps.entries()) {
    if (dir === 'close' || client.isClosed) continue
    if (dir === 's2c') {
      await client.until(() => client.recorded.hasMet)
      // Nothing was sent since the last packet of the relay: this one is its ping.
      const earlier = steps.slice(0, i).findLast(step => step.client === client)
      if (earlier?.dir === 's2c' && client.isPinged) await client.until(() => client.heard.some(isPing))
      continue
    }
    await client.write(client.recorded.translated(fromHex(hex!)), port)
    if (!steps.slice(i + 1).some(step => step.client === client && step.dir === 'c2s'))
      await client.write(client.recorded.rest(), port)
    await settled(witness)
  }
  const outcome = await clients[sessions.indexOf(primary)]!.outcome(expectedOutcome(each, model))
  await settled(witness)
  const expected = sessions.map(recordedReplies)
  if (isCompared(each, model))
    for (const [i, client] of clients.entries())
      await client.until(() => comparable(client.heard, expected[i]!).length >= expected[i]!.length)
  for (const client of clients) client.destroy()
  witness.socket.destroy()
  node.close()
  return {outcome, heard: clients.map(({heard}, i) => comparable(heard, expected[i]!))}
}

/** Live pings have other ids than the recorded one, more may follow it, and one pong is ours. */
function comparable(heard: readonly string[], expected: readonly string[]): readonly string[] {
  const pings = expected.filter(isPing)
  return heard
    .filter(packet => packet !== toHex(pong(lastPing)))
    .flatMap(packet => (isPing(packet) ? (pings.shift() ?? []) : packet))
}

/** What came by UDP goes to the end: the answer of a node may come before or after what the relay says itself. */
function withDatagramsLast(packets: readonly string[]): readonly string[] {
  const isOfNode = (packet: string) => /^0[9b]/.test(packet)
  return [...packets.filter(packet => !isOfNode(packet)), ...packets.filter(isOfNode)]
}

const expectedOutcome = ({outcomes}: BehaviourCase, model: RelayModel) =>
  model === 'tox-rs' ? outcomes.tox_rs : outcomes.c_toxcore

/** Whether its answers are known: those of c-toxcore were recorded. */
const isCompared = ({name}: BehaviourCase, model: RelayModel) => model === 'c-toxcore' && !newerAnswers.has(name)

/** Start a relay. @param args more flags. */
async function start(model: RelayModel, args: readonly string[] = []): Promise<Program> {
  const common = ['--status', '--like', model, '--key', keyFile, '--udp', '127.0.0.1:0']
  return Program.start([...common, ...args], {command: 'relay'})
    .hear()
    .listens()
}

describe.each(relayModels)('toxtcp relay --like %s, replaying each recorded case over sockets', model => {
  const programs: Program[] = []
  const results = new Map<string, Result>()

  beforeAll(async () => {
    const usual = await start(model)
    programs.push(usual)
    const hasty = await start(model, ['--ping-interval', '1s', '--ping-timeout', '60s'])
    programs.push(hasty)
    await Promise.all(
      cases.map(async each => {
        const isPinged = each.sessions.some(session => recordedReplies(session).some(isPing))
        results.set(each.name, await replay(each, model, (isPinged ? hasty : usual).port))
      }),
    )
  })
  afterAll(async () => {
    for (const {child, exit} of programs) {
      child.kill('SIGINT')
      await exit
    }
  })

  test.each(cases.map(each => [each.name, each] as const))('%s', (name, each) => {
    const {outcome, heard} = results.get(name)!
    expect(outcome).toBe(expectedOutcome(each, model))
    if (isCompared(each, model))
      expect(heard.map(withDatagramsLast)).toEqual(each.sessions.map(recordedReplies).map(withDatagramsLast))
  })

  test('goes on serving after all of them', async () => {
    for (const {port} of programs) {
      const client = await toxClient(port, publicKey)
      client.say(ping(7))
      await client.packets(1)
      expect(client.heard).toEqual([toHex(pong(7))])
      client.socket.destroy()
    }
  })
})
