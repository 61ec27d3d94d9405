import {createSocket, type Socket} from 'node:dgram'
import {isIPv6} from 'node:net'
import type {Endpoint} from '../../wire/chunk.js'
import {InputError} from '../../wire/input-error.js'
import {type Address, addressText, isLoopback, plainAddress} from '../explicit/address.js'

/** The UDP port of a relay, for onion requests and forward requests. */
export class UdpPort {
  /** Datagrams that were not sent because their destination is another machine. */
  refused = 0
  /** Datagrams that could not be sent. */
  failed = 0
  readonly #socket: Socket
  readonly #isIpv6: boolean
  readonly #allowsRemote: boolean

  private constructor(socket: Socket, isIpv6: boolean, allowsRemote: boolean) {
    this.#socket = socket
    this.#isIpv6 = isIpv6
    this.#allowsRemote = allowsRemote
  }

  /** @param allowsRemote send to other machines, too. @throws InputError if the port cannot be bound. */
  static async bind(address: Address, allowsRemote: boolean): Promise<UdpPort> {
    const isIpv6 = isIPv6(address.host)
    const socket = createSocket({type: isIpv6 ? 'udp6' : 'udp4'})
    await new Promise<void>((done, failed) => {
      socket.once('error', error => {
        socket.close()
        failed(
          new InputError(
            `cannot bind the UDP port ${addressText(address)}: ${error.message}`,
            'port 0 takes any free port',
            'cannot-listen',
          ),
        )
      })
      socket.bind(address.port, address.host, done)
    })
    const port = new UdpPort(socket, isIpv6, allowsRemote)
    socket.removeAllListeners('error').on('error', () => port.failed++)
    return port
  }

  get bound(): Endpoint {
    const {address, port} = this.#socket.address()
    return {ip: address, port}
  }

  /** @param heard called with each datagram; only with those of this machine unless others are allowed. */
  receive(heard: (bytes: Uint8Array) => void): void {
    this.#socket.on('message', (bytes, from) => {
      if (this.#allowsRemote || isLoopback(from.address)) heard(bytes)
    })
  }

  send(to: {readonly ip: string; readonly port: number}, bytes: Uint8Array): void {
    if (!this.#allowsRemote && !isLoopback(to.ip)) {
      this.refused++
      return
    }
    const ip = plainAddress(to.ip)
    const host = this.#isIpv6 && !isIPv6(ip) ? `::ffff:${ip}` : ip
    if (to.port === 0 || isIPv6(host) !== this.#isIpv6) this.failed++
    else
      this.#socket.send(bytes, to.port, host, error => {
        if (error) this.failed++
      })
  }

  close(): void {
    this.#socket.close()
  }
}
