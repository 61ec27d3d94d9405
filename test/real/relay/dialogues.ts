import type {KeyPair} from '../../../src/crypto/box.js'
import {route} from '../../../src/probe/cases/packets.js'
import {connect} from '../../../src/probe/net/connect.js'
import {Observation} from '../../../src/probe/observation.js'
import {RelayConnection} from '../../../src/probe/relay-connection.js'
import {isAlive} from '../../../src/probe/suite/fate.js'
import type {ProbeContext} from '../../../src/probe/target.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {type Dialogue, dialogueOf, type Step} from './dialogue-steps.js'

/** What becomes of one client's connection, in words; undefined: what the session says of it. */
function difference(fate: {readonly answers: boolean; readonly closes: boolean; readonly says: boolean}) {
  const {answers, closes, says} = fate
  if (!answers && !closes) return 'the relay neither answers nor closes'
  if (closes === says) return undefined
  return closes ? 'it closes, which is not said' : 'it stays, although closing is said'
}

/** Plays one dialogue to a relay and to a session. */
class Performance {
  readonly #dialogue: Dialogue
  readonly #context: ProbeContext
  readonly #observation: Observation
  readonly #opened: RelayConnection[] = []

  constructor(dialogue: Dialogue, context: ProbeContext) {
    this.#dialogue = dialogue
    this.#context = context
    this.#observation = new Observation(context.box, context.relay.publicKey)
  }

  /**
   * After each step pings show whether the relay still reads from both clients.
   * @returns how it ended; where they differ, in words.
   */
  async play(): Promise<'closed' | 'kept' | {readonly differs: string}> {
    const {seed, isOnline, steps} = this.#dialogue
    try {
      const client = await this.#dial()
      const other = isOnline ? await this.#dial() : undefined
      if (other) await meet(client, other, this.#context)
      for (const [at, step] of steps.entries()) {
        await this.#take(step, client, other)
        for (const connection of other && !other.isOver ? [other, client] : [client]) {
          const fate = await this.#fateOf(connection)
          const differs = difference(fate)
          const who = connection === client ? '' : 'of the other client '
          if (differs) return {differs: said(this.#dialogue, at, who + differs)}
          if (fate.closes && connection === client) return 'closed'
        }
      }
      return 'kept'
    } catch (error) {
      throw new Error(`seed ${seed}: ${error}`)
    } finally {
      for (const connection of this.#opened) connection.close()
    }
  }

  async #dial(keys?: KeyPair): Promise<RelayConnection> {
    const {relay, timeoutMilliseconds} = this.#context
    const connected = await connect(this.#context, [relay.host])
    if (connected.kind === 'failed') throw new Error(connected.detail)
    const {socket} = connected
    const connection = new RelayConnection({...this.#context, socket, observation: this.#observation, keys})
    this.#opened.push(connection)
    const outcome = await connection.handshake(timeoutMilliseconds)
    if (outcome !== 'open') throw new Error(`the handshake is ${outcome}`)
    if (!(await isAlive(connection, timeoutMilliseconds))) throw new Error('the first ping has no answer')
    return connection
  }

  async #take(step: Step, client: RelayConnection, other: RelayConnection | undefined): Promise<void> {
    if ('leaves' in step) other?.close()
    else if ('again' in step) await this.#dial(client.keys)
    else if ('other' in step) {
      if (other && !other.isOver) other.send(step.other)
    } else if ('frame' in step) client.write(step.frame(packet => client.seal(packet)))
    else if (step.cuts) await writeCut(client, client.seal(step.packet), step.cuts)
    else client.send(step.packet)
  }

  async #fateOf(connection: RelayConnection) {
    const answers = await isAlive(connection, this.#context.timeoutMilliseconds)
    // A packet may close the older connection of its sender, and never that of another client.
    const says = this.#opened.some(({keys}, at) => {
      const effect = this.#opened[at] === connection ? 'closes' : 'closes_peer'
      return keys === connection.keys && this.#observation.ownRules('c_toxcore_relay', effect, at).length > 0
    })
    return {answers, closes: connection.closed !== undefined, says}
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
      const result = await new Performance(dialogueOf(seed), context).play()
      if (typeof result === 'string') results[result]++
      else results.differences.push(result.differs)
    }
  }
  await Promise.all(Array.from({length: atOnce}, play))
  return results
}
