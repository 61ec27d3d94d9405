/**
 * Clients and a relay at one end of a link, as a process: the first argument is JSON, see {@link EndsSetup}. It prints
 * `{port, secret}` of the relay, reads the port to which the clients connect, and prints the counts of the load.
 */
import {createInterface} from 'node:readline'
import {type LoadOptions, runLoad} from '../../proxy/load.js'

/** What a process of ends does. */
export type EndsSetup = Omit<LoadOptions, 'through'>

const setup = JSON.parse(process.argv[2]!) as EndsSetup
const lines = createInterface({input: process.stdin})[Symbol.asyncIterator]()
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)

say(
  await runLoad({
    ...setup,
    async through(port, secret) {
      say({port, secret: Buffer.from(secret).toString('hex')})
      return Number((await lines.next()).value)
    },
  }),
)
process.exit(0)
