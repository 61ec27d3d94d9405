import {type Address, isLoopback} from '../../proxy/explicit/address.js'
import {Listeners} from '../../proxy/net/listener.js'
import {clientCases} from './client-cases.js'
import {type ClientSuiteOptions, type ClientSuiteResult, runClientSuite} from './run-client-suite.js'

/** A relay that listens, to run the suite for clients against the client that connects. */
export class ClientProbe {
  readonly #listeners: Listeners

  private constructor(listeners: Listeners) {
    this.#listeners = listeners
  }

  /** @param address port 0: any free port. @throws InputError if the address cannot be bound. */
  static async listen(address: Address): Promise<ClientProbe> {
    return new ClientProbe(await Listeners.bind([address]))
  }

  /** The bound address, with the real port. */
  get bound(): {readonly ip: string; readonly port: number} {
    return this.#listeners.bound[0]!
  }

  /** Whether only clients on this machine can connect. */
  get isLocal(): boolean {
    return isLoopback(this.bound.ip)
  }

  /** Number of cases. */
  get cases(): number {
    return clientCases().length
  }

  /** Wait for a client, run one case on each of its connections, and stop listening. */
  run(options: ClientSuiteOptions): Promise<ClientSuiteResult> {
    return runClientSuite(this.#listeners, options)
  }
}
