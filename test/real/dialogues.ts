import {type FrameCase, wrongFrames} from '../../src/probe/cases/frames.js'
import {data, disconnect, filled, forward, onion, oob, ping, pong, route} from '../../src/probe/cases/packets.js'
import {connect} from '../../src/probe/net/connect.js'
import {Observation} from '../../src/probe/observation.js'
import {RelayConnection} from '../../src/probe/relay-connection.js'
import {isAlive} from '../../src/probe/suite/fate.js'
import type {ProbeContext} from '../../src/probe/target.js'
import {seededRandom} from '../../src/proxy/net/impairments.js'
import {toHex} from '../../src/wire/hex/hex-bytes.js'

/** What happens next: a packet in its frame, a frame that is wrong, or the other client, if there is one, closes. */
type Step = {readonly name: string} & (
  | {
      readonly packet: Uint8Array
      /** Where its frame is cut into TCP segments. */
      readonly cuts?: readonly number[]
    }
  | {readonly frame: FrameCase[1]}
  | {readonly leaves: true}
)

/** What a client of ours says to a relay after the handshakes, step by step. */
export interface Dialogue {
  readonly seed: number
  /** Whether a second client has asked for the first, which has asked for it: connection id 16 is online. */
  readonly isOnline: boolean
  readonly steps: readonly Step[]
}

const mostSteps = 8
/** Connection ids around those that a client may have: 16 is the first, 255 the last. */
const connectionIds = [0, 1, 15, 16, 17, 18, 240, 254, 255]
/** Those that a data packet can have. */
const dataIds = [16, 17, 18, 100, 239]
/** Sizes of data around the bounds of relays and clients. */
const sizes = [0, 1, 2, 15, 16, 100, 1023, 1024, 1025, 1300, 1372, 1400, 1999, 2000, 2028]

/** A dialogue of valid steps, of which some are changed. The same seed gives the same. */
export function dialogueOf(seed: number): Dialogue {
  const next = seededRandom(seed)
  const below = (count: number): number => Math.floor(next() * count)
  const anyOf = <T>(list: readonly T[]): T => list[below(list.length)]!
  const size = (): number => (next() < 0.8 ? 1 + below(1000) : anyOf(sizes))
  const noise = (bytes: number): Uint8Array => filled(bytes, seed, below(1000))

  const valid: readonly (() => Step)[] = [
    () => ({name: 'ping', packet: ping(1 + below(1000))}),
    () =>
      next() < 0.2 ? {name: 'pong unasked', packet: pong(1 + below(1000))} : {name: 'route', packet: route(noise(32))},
    () => ({name: 'route', packet: route(noise(32))}),
    () => ({name: 'route', packet: route(noise(32))}),
    () => ({name: 'data', packet: data(anyOf(dataIds), noise(size()))}),
    () => ({name: 'data', packet: data(16, noise(1 + below(100)))}),
    () => ({name: 'disconnect', packet: disconnect(next() < 0.7 ? 16 + below(3) : anyOf(connectionIds))}),
    () => ({name: 'disconnect', packet: disconnect(16)}),
    () => ({name: 'oob', packet: oob(noise(32), noise(size()))}),
    () => ({name: 'onion', packet: onion(anyOf([158, 160, 200, 400, 1400]), anyOf([2, 2, 10, 10, 0, 130]))}),
    () => ({name: 'forward', packet: forward(size(), anyOf([2, 2, 10, 10, 0, 138]))}),
  ]

  /** A packet with another id, size or byte. */
  const changed = (packet: Uint8Array): Uint8Array => {
    const bytes = Uint8Array.from(packet)
    const ways: readonly (() => Uint8Array)[] = [
      () => Uint8Array.of(below(256), ...bytes.subarray(1)),
      () => Uint8Array.of(below(16), ...bytes.subarray(1)),
      () => bytes.subarray(0, 1 + below(bytes.length)),
      () => Uint8Array.from([...bytes, ...noise(1 + below(40))]).subarray(0, 2030),
      () => noise(1 + below(200)),
      () => bytes.fill(0, 1),
      () => bytes.map((byte, at) => (at === below(bytes.length) ? byte ^ (1 << below(8)) : byte)),
    ]
    return anyOf(ways)()
  }

  const step = (): Step => {
    const given = anyOf(valid)()
    if (next() < 0.05) {
      const [name, frame] = anyOf(wrongFrames)
      return {name, frame}
    }
    if (next() < 0.03) return {name: 'the other client closes', leaves: true}
    if (!('packet' in given)) return given
    if (next() < 0.15) return {...given, name: `${given.name} in segments`, cuts: [1 + below(3), 3 + below(20)]}
    if (next() > 0.2) return given
    return {name: `changed ${given.name}`, packet: changed(given.packet)}
  }
  const isOnline = next() < 0.5
  return {seed, isOnline, steps: Array.from({length: 1 + below(mostSteps)}, step)}
}

/** What happened after a step: whether the relay closed, and whether the session says that it does. */
interface Fate {
  readonly closes: boolean
  readonly says: boolean
}

const fateOf = (connection: RelayConnection, observation: Observation): Fate => ({
  closes: connection.closed !== undefined,
  says: observation.ownRules('c_toxcore_relay', 'closes').length > 0,
})

/**
 * Plays a dialogue to a relay and to a session. After each step a ping shows whether the relay still reads.
 * @returns how it ended; where they differ, in words.
 */
async function played(
  dialogue: Dialogue,
  context: ProbeContext,
): Promise<'closed' | 'kept' | {readonly differs: string}> {
  const {box} = context
  const observation = new Observation(box, context.relay.publicKey)
  const opened: RelayConnection[] = []
  const dial = async (): Promise<RelayConnection> => {
    const connected = await connect(context, [context.relay.host])
    if (connected.kind === 'failed') throw new Error(connected.detail)
    const connection = new RelayConnection({...context, socket: connected.socket, observation})
    opened.push(connection)
    const outcome = await connection.handshake(context.timeoutMilliseconds)
    if (outcome !== 'open') throw new Error(`seed ${dialogue.seed}: the handshake is ${outcome}`)
    if (!(await isAlive(connection, context.timeoutMilliseconds))) throw new Error('the first ping has no answer')
    return connection
  }
  try {
    const client = await dial()
    if (dialogue.isOnline) await meet(client, await dial(), context)
    for (const [at, step] of dialogue.steps.entries()) {
      if ('leaves' in step) opened[1]?.close()
      else if ('frame' in step) client.write(step.frame(packet => client.seal(packet)))
      else if (step.cuts) await writeCut(client, client.seal(step.packet), step.cuts)
      else client.send(step.packet)
      const answers = await isAlive(client, context.timeoutMilliseconds)
      const {closes, says} = fateOf(client, observation)
      if (!answers && !closes) return {differs: said(dialogue, at, 'the relay neither answers nor closes')}
      if (closes !== says)
        return {
          differs: said(dialogue, at, closes ? 'it closes, which is not said' : 'it stays, although closing is said'),
        }
      if (closes) return 'closed'
    }
    return 'kept'
  } finally {
    for (const connection of opened) connection.close()
  }
}

/** Writes bytes in several segments: each is handed to the system before the next is made. */
async function writeCut(client: RelayConnection, bytes: Uint8Array, cuts: readonly number[]): Promise<void> {
  const ends = [...cuts.filter(cut => cut < bytes.length), bytes.length]
  for (const [at, end] of ends.entries()) {
    client.write(bytes.subarray(ends[at - 1] ?? 0, end))
    await new Promise(done => setImmediate(done))
  }
}

/** Both clients ask for each other, until the relay says that they are connected. */
async function meet(client: RelayConnection, other: RelayConnection, {timeoutMilliseconds}: ProbeContext) {
  client.send(route(other.keys.publicKey))
  await client.receive(packet => packet[0] === 1, timeoutMilliseconds)
  other.send(route(client.keys.publicKey))
  await client.receive(packet => packet[0] === 2, timeoutMilliseconds)
}

function said({seed, isOnline, steps}: Dialogue, at: number, what: string): string {
  const shown = steps.slice(0, at + 1).map(step => {
    const bytes = 'packet' in step ? ` ${toHex(step.packet).slice(0, 100)} (${step.packet.length} bytes)` : ''
    return `  ${step.name}${bytes}`
  })
  return [`seed ${seed}${isOnline ? ', online' : ''}, step ${at + 1}: ${what}`, ...shown].join('\n')
}

/** How many dialogues ended in which way. */
export interface Results {
  closed: number
  kept: number
  readonly differences: string[]
}

/** Plays many dialogues, some at a time. */
export async function resultsOf(seeds: readonly number[], atOnce: number, context: ProbeContext): Promise<Results> {
  const waiting = [...seeds]
  const results: Results = {closed: 0, kept: 0, differences: []}
  const play = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const result = await played(dialogueOf(seed), context)
      if (typeof result === 'string') results[result]++
      else results.differences.push(result.differs)
    }
  }
  await Promise.all(Array.from({length: atOnce}, play))
  return results
}
