import {randomBytes, randomInt} from 'node:crypto'
import {isConnectionId} from '../protocol/connection-id.js'
import {limits} from '../protocol/limits.js'
import {connectNotification} from '../protocol/packets/connect-notification.js'
import {disconnectNotification} from '../protocol/packets/disconnect-notification.js'
import {oobReceive} from '../protocol/packets/oob-receive.js'
import {routeResponse} from '../protocol/packets/route-response.js'
import {concatBytes, isEqualBytes} from '../wire/bytes.js'
import {cookieRequestOf, cryptoData, data, disconnect, oob, ping, pong, route} from './cases/packets.js'
import {connect} from './net/connect.js'
import type {Observation} from './observation.js'
import {RelayConnection} from './relay-connection.js'
import type {PingTimes} from './relay-probe.js'
import type {StageName, StageResult} from './stages.js'
import type {ProbeOptions} from './target.js'

type Checked = Omit<StageResult, 'stage'>

const failed = (detail: string): Checked => ({outcome: 'failed', milliseconds: null, detail})
const skipped = (detail: string): Checked => ({outcome: 'skipped', milliseconds: null, detail})

const isSame = (wanted: Uint8Array) => (packet: Uint8Array) => isEqualBytes(wanted, packet)
const isOfType = (id: number | readonly [number, number] | null) => (packet: Uint8Array) => packet[0] === id

/** Bytes of the data that the probe sends through the relay. */
const dataBytes = 100

/** The stages after the handshakes, with one connection to the relay, and a second one where two are needed. */
export class RelayChecks {
  /** In the order in which they must run. */
  readonly all: readonly {readonly stage: StageName; run(): Promise<Checked>}[] = [
    {stage: 'ping', run: () => this.#ping()},
    {stage: 'route', run: () => this.#route()},
    {stage: 'own_route', run: () => this.#ownRoute()},
    {stage: 'own_oob', run: () => this.#ownOob()},
    {stage: 'pair', run: () => this.#pair()},
    {stage: 'data', run: () => this.#data()},
    {stage: 'id_reuse', run: () => this.#idReuse()},
    {stage: 'disconnect', run: () => this.#disconnect()},
  ]
  /** null: no ping was answered. */
  pings: PingTimes | null = null
  readonly #options: ProbeOptions
  readonly #addresses: readonly string[]
  readonly #observation: Observation
  readonly #client: RelayConnection
  #friend: RelayConnection | undefined
  /** Ids of the unknown key and of the friend on the client's connection, and of the client on the friend's. */
  #unknownId: number | undefined
  #friendId: number | undefined
  #clientId: number | undefined

  constructor(options: ProbeOptions, addresses: readonly string[], client: RelayConnection, observation: Observation) {
    this.#options = options
    this.#addresses = addresses
    this.#client = client
    this.#observation = observation
  }

  close(): void {
    this.#client.close()
    this.#friend?.close()
  }

  async #ping(): Promise<Checked> {
    const times: number[] = []
    for (let i = 0; i < this.#options.pings; i++) {
      const id = randomInt(1, 2 ** 32)
      const start = performance.now()
      this.#client.send(ping(id))
      if (!(await this.#receive(this.#client, isSame(pong(id)))))
        return failed(
          `${this.#silence(this.#client, 'no pong')}${times.length > 0 ? ` to ping ${times.length + 1}` : ''}`,
        )
      times.push(performance.now() - start)
      const count = times.length
      this.pings = {
        count,
        min: Math.min(...times),
        mean: times.reduce((sum, time) => sum + time) / count,
        max: Math.max(...times),
      }
    }
    const {count, min, mean, max} = this.pings!
    const detail = count === 1 ? '' : `${count} round trips of ${min.toFixed(1)} to ${max.toFixed(1)} ms`
    return {outcome: 'ok', milliseconds: mean, detail}
  }

  async #route(): Promise<Checked> {
    const start = performance.now()
    const id = await this.#idOf(this.#client, randomBytes(limits.publicKey))
    if (typeof id === 'string') return failed(id)
    this.#unknownId = id
    if (id === 0) return failed('the relay refuses it')
    return {outcome: 'ok', milliseconds: performance.now() - start, detail: `id ${id}`}
  }

  async #ownRoute(): Promise<Checked> {
    const start = performance.now()
    const id = await this.#idOf(this.#client, this.#client.keys.publicKey)
    if (typeof id === 'string') return failed(id)
    if (id !== 0) return failed(`the relay gives id ${id} for the client's own key`)
    return {outcome: 'ok', milliseconds: performance.now() - start, detail: ''}
  }

  async #ownOob(): Promise<Checked> {
    const own = this.#client.keys.publicKey
    const payload = cookieRequestOf(own)
    const start = performance.now()
    this.#client.send(oob(own, payload))
    const packet = await this.#receive(this.#client, isOfType(oobReceive.id))
    if (!packet) return failed(this.#silence(this.#client, 'nothing arrives'))
    if (!isSame(concatBytes([Uint8Array.of(packet[0]!), own, payload]))(packet))
      return failed('it arrives with another sender or other bytes')
    return {outcome: 'ok', milliseconds: performance.now() - start, detail: ''}
  }

  async #pair(): Promise<Checked> {
    const friend = await this.#connectFriend()
    if (typeof friend === 'string') return failed(`the second client: ${friend}`)
    this.#friend = friend
    const start = performance.now()
    const clientId = await this.#idOf(friend, this.#client.keys.publicKey)
    const friendId = await this.#idOf(this.#client, friend.keys.publicKey)
    if (typeof clientId === 'string') return failed(`the second client's route: ${clientId}`)
    if (typeof friendId === 'string') return failed(`the first client's route: ${friendId}`)
    if (clientId === 0 || friendId === 0) return failed('the relay refuses the route')
    for (const [connection, id, who] of [
      [this.#client, friendId, 'first'],
      [friend, clientId, 'second'],
    ] as const) {
      const packet = await this.#receive(connection, isOfType(connectNotification.id))
      if (!packet) return failed(`the ${who} client: ${this.#silence(connection, 'no ConnectNotification')}`)
      if (packet[1] !== id) return failed(`the ${who} client is notified of id ${packet[1]}, and has id ${id}`)
    }
    this.#friendId = friendId
    this.#clientId = clientId
    return {outcome: 'ok', milliseconds: performance.now() - start, detail: `ids ${friendId} and ${clientId}`}
  }

  async #data(): Promise<Checked> {
    const [friend, friendId, clientId] = [this.#friend, this.#friendId, this.#clientId]
    if (!friend || friendId === undefined || clientId === undefined) return skipped('the clients are not connected')
    const start = performance.now()
    for (const [from, to, idSent, idReceived] of [
      [this.#client, friend, friendId, clientId],
      [friend, this.#client, clientId, friendId],
    ] as const) {
      const payload = noise()
      from.send(data(idSent, payload))
      const packet = await this.#receive(to, ([id]) => id !== undefined && isConnectionId(id))
      if (!packet) return failed(this.#silence(to, 'nothing arrives'))
      if (packet[0] !== idReceived) return failed(`it arrives with id ${packet[0]} instead of ${idReceived}`)
      if (!isSame(payload)(packet.subarray(1))) return failed('it arrives with other bytes')
    }
    const milliseconds = (performance.now() - start) / 2
    return {outcome: 'ok', milliseconds, detail: 'mean of both ways'}
  }

  async #idReuse(): Promise<Checked> {
    const freed = this.#unknownId
    if (!freed) return skipped('no id was given')
    const start = performance.now()
    this.#client.send(disconnect(freed))
    const id = await this.#idOf(this.#client, randomBytes(limits.publicKey))
    if (typeof id === 'string') return failed(id)
    if (id !== freed) return failed(`id ${freed} was freed, and the next key gets ${id === 0 ? 'none' : `id ${id}`}`)
    return {outcome: 'ok', milliseconds: performance.now() - start, detail: `id ${id}`}
  }

  async #disconnect(): Promise<Checked> {
    const [friend, friendId, clientId] = [this.#friend, this.#friendId, this.#clientId]
    if (!friend || friendId === undefined || clientId === undefined) return skipped('the clients are not connected')
    const start = performance.now()
    this.#client.send(disconnect(friendId))
    const packet = await this.#receive(friend, isOfType(disconnectNotification.id))
    if (!packet) return failed(this.#silence(friend, 'no DisconnectNotification'))
    if (packet[1] !== clientId) return failed(`the peer is notified of id ${packet[1]}, and has id ${clientId}`)
    return {outcome: 'ok', milliseconds: performance.now() - start, detail: ''}
  }

  /** Connect a second client and await its first pong. @returns the client, or why it failed, as a clause. */
  async #connectFriend(): Promise<RelayConnection | string> {
    const {timeoutMilliseconds} = this.#options
    const connected = await connect(this.#options, this.#addresses)
    if (connected.kind === 'failed') return connected.detail
    const {socket} = connected
    const friend = new RelayConnection({...this.#options, socket, observation: this.#observation})
    const outcome = await friend.handshake(timeoutMilliseconds)
    if (outcome === 'open') {
      const id = randomInt(1, 2 ** 32)
      friend.send(ping(id))
      if (await this.#receive(friend, isSame(pong(id)))) return friend
    }
    friend.close()
    return outcome === 'open' ? this.#silence(friend, 'no pong') : `its handshake is not answered (${outcome})`
  }

  /** Ask for a route to a key. @returns the id, 0 if the relay refuses; or why no id came, as a clause. */
  async #idOf(connection: RelayConnection, key: Uint8Array): Promise<number | string> {
    connection.send(route(key))
    const packet = await this.#receive(connection, isOfType(routeResponse.id))
    if (!packet) return this.#silence(connection, 'no RouteResponse')
    if (!isSame(key)(packet.subarray(2))) return 'the RouteResponse names another key'
    const id = packet[1]!
    return id === 0 || isConnectionId(id) ? id : `the RouteResponse has id ${id}, which is reserved`
  }

  #receive(connection: RelayConnection, isWanted: (packet: Uint8Array) => boolean): Promise<Uint8Array | undefined> {
    return connection.receive(isWanted, this.#options.timeoutMilliseconds)
  }

  /** Why an awaited packet did not come. */
  #silence(connection: RelayConnection, missing: string): string {
    if (connection.isBroken) return 'the relay sends a frame that does not open'
    if (connection.closed) return 'the relay closed the connection'
    return `${missing} within ${this.#options.timeoutMilliseconds / 1000} s`
  }
}

/** Data that both kinds of relay pass on: the kind of net_crypto data, and noise. */
const noise = (): Uint8Array => {
  const payload = cryptoData(dataBytes)
  payload.set(randomBytes(dataBytes - 1), 1)
  return payload
}
