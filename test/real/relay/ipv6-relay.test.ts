import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {recordsIn} from '../../actions/proxy/proxy-run.js'
import {Program} from '../../commands/proxy/proxy-program.js'
import {missing} from '../toxcore/present.js'
import {type Relay, startRelay} from '../toxcore/relay.js'
import {RemoteClient} from '../toxcore/remote.js'

const reason = missing()
if (reason) console.warn(`test/real/relay/ipv6-relay.test.ts is skipped: ${reason}`)

describe.skipIf(reason !== undefined)('a client that names a relay by its address of either family', () => {
  let relay: Relay

  beforeAll(async () => {
    relay = await startRelay([], {ipv6: true})
  })

  afterAll(() => relay.stop())

  test.concurrent.each([
    ['socks5', '127.0.0.1', '::1'],
    ['socks5', '::1', '127.0.0.1'],
    ['http', '127.0.0.1', '::1'],
    ['http', '::1', '127.0.0.1'],
  ] as const)('is online through the %s proxy on %s, at the relay on %s', async (type, here, there) => {
    const listen = here === '::1' ? '[::1]:0' : `${here}:0`
    const program = await Program.start(['--json', '--relay-key', relay.keyFile], {listen: ['--listen', listen]})
      .hear()
      .listens()
    const client = await RemoteClient.start({
      ipv6: true,
      proxy: {type, host: here, port: program.port},
      nodes: [{host: there, port: relay.port, key: relay.publicKey, relay: true, bootstrap: true}],
    })
    try {
      expect(await client.next('self')).toMatchObject({online: true})
    } finally {
      await client.quit()
      program.child.kill('SIGINT')
      await program.exit
    }
    const records = recordsIn(program.stdout)
    const shown = there === '::1' ? `[::1]:${relay.port}` : `${there}:${relay.port}`
    expect(new Set(records.map(record => record.relay))).toEqual(new Set([shown]))
    const frames = records.filter(({kind}) => kind === 'frame')
    expect(frames.length).toBeGreaterThan(2)
    expect(new Set(frames.map(({state}) => state))).toEqual(new Set(['open']))
  })
})
