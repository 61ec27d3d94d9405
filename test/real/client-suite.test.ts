import {describe, expect, it, onTestFinished} from 'vitest'
import {Program} from '../commands/proxy-program.js'
import {missing} from './toxcore/present.js'
import {RemoteClient} from './toxcore/remote.js'

const absent = missing()
if (absent) console.warn(`the test of the suite with a real client is skipped: ${absent}`)

describe.skipIf(absent)('the suite for clients finds that c-toxcore behaves like c-toxcore', () => {
  it('in a libtoxcore client whose only relay is the probe, without a disagreement', async () => {
    const program = Program.start(['--json'], {command: 'probe', listen: ['--timeout', '60', '--client', '0']}).hear()
    onTestFinished(() => {
      program.child.kill('SIGKILL')
    })
    await program.listens()
    await program.until(() => /waits for a client/.test(program.stderr))
    const key = /public key of the relay: (\w{64})/.exec(program.stderr)![1]!
    const client = await RemoteClient.start({nodes: [{host: '127.0.0.1', port: program.port, key, relay: true}]})
    const {status} = await program.exit
    await client.quit()
    const {disagreements, verdict, end} = JSON.parse(program.stdout)
    expect(disagreements).toEqual([])
    expect({status, end, verdict}).toEqual({
      status: 0,
      end: 'done',
      verdict:
        'the client behaves like c-toxcore: no disagreement in 130 cases; 10 not tried, since it asks for no route',
    })
  })
})
