import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {toxtcp} from '../../commands/program.js'
import {missing} from '../toxcore/present.js'
import {freePort, type Relay, startRelay} from '../toxcore/relay.js'
import {RemoteClient} from '../toxcore/remote.js'

const absent = missing()
if (absent) console.warn(`tests of the suite with real relays are skipped: ${absent}`)

/** What the suite says of a relay. */
async function judged(address: string, key: string) {
  const {status, stdout, stderr} = await toxtcp(['probe', '--suite', address, key, '--json'])
  expect(stderr).toBe('')
  const {disagreements, ...rest} = JSON.parse(stdout)
  expect(disagreements).toEqual([])
  return {status, ...rest}
}

// Most of the time the suite waits for what a relay does not do.
describe.skipIf(absent)('the suite finds that c-toxcore behaves like c-toxcore', {concurrent: true}, () => {
  let relay: Relay

  beforeAll(async () => {
    relay = await startRelay()
  })

  afterAll(async () => {
    await relay?.stop()
  })

  it('in tox-bootstrapd, and says what it will do, its services and its versions', async () => {
    const address = `${relay.host}:${relay.port}`
    const {status, stdout} = await toxtcp(['probe', '--suite', address, relay.publicKey])
    const [intent, verdict, ...rest] = stdout.trim().split('\n')
    expect(intent).toMatch(/^runs \d{3} cases against /)
    const like = 'behaves like c-toxcore 0.2.14 to 0.2.18, onion on, forwarding on'
    expect(verdict).toBe(`${address} ${like}: no disagreement in ${/\d+/.exec(intent!)![0]} cases`)
    expect(rest).toEqual([])
    expect(status).toBe(0)
  })

  it.each([
    ['without UDP', false],
    ['with UDP', true],
  ])('in a libtoxcore that is a relay, %s', async (_, udp) => {
    const tcpPort = await freePort()
    const client = await RemoteClient.start({tcpPort, udp})
    const {status, behaves_like: like, agrees} = await judged(`127.0.0.1:${tcpPort}`, client.dhtKey)
    await client.quit()
    expect({status, like, agrees}).toEqual({status: 0, like: 'c-toxcore', agrees: true})
  })
})

it('the suite refuses a relay on another machine unless that is allowed', async () => {
  const {status, stdout, stderr} = await toxtcp(['probe', '--suite', '192.0.2.1:33445', 'c5'.repeat(32)])
  expect({status, stdout}).toEqual({status: 2, stdout: ''})
  expect(stderr).toContain('192.0.2.1:33445 is not on this machine, and --suite sends it wrong packets')
  expect(stderr).toContain('--allow-remote')
})

it('the suite says why it is not run where no relay answers, and ends with status 1', async () => {
  const {status, stdout} = await toxtcp(['probe', '--suite', `127.0.0.1:${await freePort()}`, 'c5'.repeat(32)])
  expect(stdout).toContain('unreachable: nothing listens on this port')
  expect(status).toBe(1)
})
