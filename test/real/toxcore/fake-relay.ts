import {randomBytes} from 'node:crypto'
import {type AddressInfo, createServer, type Server, type Socket} from 'node:net'
import type {Box, KeyPair} from '../../../src/crypto/box.js'
import {RelayEnd} from '../../../src/peer/relay-end.js'
import {ping, pong} from '../../../src/probe/cases/packets.js'

export type Outcome = 'kept' | 'dropped'

const probe = 0xabcdef

/**
 * A relay of ours for one real client: answers its handshake and first ping, says what it is to say, and sees whether
 * the client still answers.
 */
export class FakeRelay {
  readonly outcome: Promise<Outcome>
  readonly #keys: KeyPair
  readonly #server: Server
  #settle: (outcome: Outcome) => void = () => {}

  private constructor(
    readonly box: Box,
    readonly script: readonly Uint8Array[],
  ) {
    this.#keys = box.keyPair(randomBytes(32))
    this.outcome = new Promise(done => {
      this.#settle = done
    })
    this.#server = createServer(socket => this.#meet(socket))
  }

  static async listen(box: Box, script: readonly Uint8Array[]): Promise<FakeRelay> {
    const relay = new FakeRelay(box, script)
    await new Promise<void>(done => relay.#server.listen(0, '127.0.0.1', done))
    return relay
  }

  /** As a client is told of it. */
  get node() {
    return {
      host: '127.0.0.1',
      port: (this.#server.address() as AddressInfo).port,
      key: Buffer.from(this.#keys.publicKey).toString('hex'),
      relay: true,
    }
  }

  #meet(socket: Socket): void {
    const end = RelayEnd.withSecret(this.box, this.#keys.secretKey, this.box.keyPair(randomBytes(32)))
    let hasSpoken = false
    const settle = (outcome: Outcome): void => {
      // Before the script a client may come and go as it likes.
      if (hasSpoken) this.#settle(outcome)
      socket.destroy()
      if (hasSpoken) this.#server.close()
    }
    const say = (...packets: Uint8Array[]): void => {
      for (const packet of packets) socket.write(end.seal(packet))
    }
    for (const event of ['end', 'error'] as const) socket.on(event, () => settle('dropped'))
    socket.on('data', bytes => {
      for (const event of end.receive(bytes)) {
        if (event.kind === 'handshake') socket.write(end.answer(randomBytes(24), randomBytes(24)))
        if (event.kind !== 'frame') continue
        if (!hasSpoken && event.plain[0] === 4) {
          hasSpoken = true
          say(Uint8Array.of(5, ...event.plain.subarray(1)), ...this.script, ping(probe))
        } else if (Buffer.compare(event.plain, pong(probe)) === 0) settle('kept')
      }
    })
  }
}
