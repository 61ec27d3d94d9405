import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {type Address, addressText} from '../../proxy/explicit/address.js'
import {InputError} from '../../wire/input-error.js'

/** The type of the text format of Prometheus. */
const contentType = 'text/plain; version=0.0.4; charset=utf-8'

/** Serves metrics at `/metrics`. */
export class MetricsServer {
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  /** @param text called for each request. @throws InputError if the address cannot be bound. */
  static async listen(address: Address, text: () => string): Promise<MetricsServer> {
    const server = createServer((request, response) => {
      const isKnown = request.url === '/metrics' || request.url === '/'
      response.writeHead(isKnown ? 200 : 404, {'content-type': contentType})
      response.end(isKnown ? text() : 'see /metrics\n')
    })
    await new Promise<void>((done, failed) => {
      server.once('error', ({message}) =>
        failed(new InputError(`cannot listen on ${addressText(address)}: ${message}`, undefined, 'cannot-listen')),
      )
      server.listen(address.port, address.host, done)
    })
    return new MetricsServer(server)
  }

  /** Where the metrics are. */
  get url(): string {
    const {address, port} = this.#server.address() as AddressInfo
    return `http://${addressText({host: address, port})}/metrics`
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}
