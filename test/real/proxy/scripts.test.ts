import {afterAll, describe, expect, test} from 'vitest'
import {recordsIn} from '../../actions/proxy/proxy-run.js'
import {Program} from '../../commands/proxy/proxy-program.js'
import {ping, routeRequest, type Speaker, toxClient} from '../../proxy/tox-ends.js'
import {missing} from '../toxcore/present.js'
import {type Relay, startRelay} from '../toxcore/relay.js'

const reason = missing()
if (reason) console.warn(`test/real/proxy/scripts.test.ts is skipped: ${reason}`)

describe.skipIf(reason !== undefined)('the example scripts before a real relay', () => {
  const relays: Relay[] = []
  const programs: Program[] = []
  afterAll(async () => {
    for (const {child} of programs) child.kill('SIGKILL')
    await Promise.all(relays.map(relay => relay.stop()))
  })

  const start = async (script: string): Promise<{program: Program; client: Speaker}> => {
    const relay = await startRelay()
    relays.push(relay)
    const program = await Program.start([
      '--upstream',
      `${relay.host}:${relay.port}`,
      '--relay-key',
      relay.keyFile,
      '--script',
      `fixtures/scripts/${script}`,
      '--json',
    ])
      .hear()
      .listens()
    programs.push(program)
    return {program, client: await toxClient(program.port, new Uint8Array(Buffer.from(relay.publicKey, 'hex')))}
  }
  test.concurrent('refuse every route', async () => {
    const {client} = await start('refuse-routes.mjs')
    client.say(ping(1))
    await client.packets(1)
    client.say(routeRequest(9))
    await client.packets(2)
    expect(client.heard).toEqual(['050000000000000001', `0100${'09'.repeat(32)}`])
  })

  test.concurrent('send ping id 0, which the relay answers', async () => {
    const {program, client} = await start('ping-id-zero.mjs')
    client.say(ping(1))
    await client.packets(2)
    expect(client.heard).toEqual(['050000000000000001', '050000000000000000'])
    await program.until(() => program.stdout.includes('pong-zero'))
    const found = recordsIn(program.stdout.slice(0, program.stdout.lastIndexOf('\n') + 1)).map(
      ({kind, type, findings}) => [kind, type, ...findings.map(({code}) => code)].join(' '),
    )
    expect(found).toContain('packet ping_request packet-instead ping-zero')
    client.socket.destroy()
  })

  test.concurrent('corrupt one pong, on which the relay closes in time', async () => {
    const {program, client} = await start('corrupt-one-pong.mjs')
    client.answer = plain => {
      if (plain[0] === 4) client.say(Uint8Array.of(5, ...plain.subarray(1)))
    }
    client.say(ping(1))
    await client.closed
    await program.until(() => program.stdout.includes('"kind":"end"'))
    expect(program.stdout).toContain('"code":"packet-changed"')
    // The client's own close may follow it, as a record of its own.
    const [first] = recordsIn(program.stdout).filter(({kind}) => kind === 'end')
    expect(first).toMatchObject({kind: 'end', from: 'relay'})
  }, 120_000)
})
