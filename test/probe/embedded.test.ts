import {spawn} from 'node:child_process'
import {mkdtempSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {expect, it, onTestFinished} from 'vitest'
import {plainEnv, runFile, toxtcp} from '../commands/program.js'

/** A running `toxtcp relay` on any free port. @returns its address and public key. */
async function startRelay(...flags: readonly string[]): Promise<[address: string, key: string]> {
  const keyFile = join(mkdtempSync(join(tmpdir(), 'toxtcp-embedded-')), 'key')
  const child = spawn(process.execPath, [runFile, 'relay', '--listen', '0', '--key', keyFile, '--status', ...flags], {
    env: plainEnv,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let address = ''
  for await (const line of createInterface({input: child.stderr})) {
    address = /listening on (\S+)/.exec(line)?.[1] ?? address
    const key = /public key of the relay: ([0-9a-f]{64})/.exec(line)?.[1]
    if (key !== undefined && address !== '') return [address, key]
  }
  throw new Error('the relay ended')
}

it.each(['c-toxcore', 'tox-rs'])('the embedded relay is healthy, and behaves like its model: %s', async like => {
  const [address, key] = await startRelay('--like', like, '--ping-interval', '1s')
  const healthy = await toxtcp(['probe', address, key])
  expect(healthy.stdout).toContain(`healthy: ${address} passes every stage`)
  const {status, stdout} = await toxtcp(['probe', '--suite', address, key, '--json'])
  const {behaves_like: found, disagreements, results} = JSON.parse(stdout)
  expect({found, disagreements, status}).toEqual({found: like, disagreements: [], status: 0})
  const pinged = results.filter(({before}: {before: string}) => before.startsWith('relayPing'))
  expect(pinged).toHaveLength(9)
})

it.each([
  ['--silent-pings', 'ping answered', 'no pong within 1 s'],
  ['--wrong-pongs', 'ping answered', 'no pong within 1 s'],
  ['--refuse-routes', 'route to an unknown key gets an id', 'the relay refuses it'],
  ['--swap-nonces', 'ping answered', 'the relay sends a frame that does not open'],
])('the verdict names the stage at which a relay with %s fails', async (flag, stage, detail) => {
  const [address, key] = await startRelay(flag)
  const {status, stdout} = await toxtcp(['probe', address, key, '--timeout', '1s'])
  expect(stdout).toContain(`not healthy: ${address}: "${stage}" failed: ${detail}`)
  expect(status).toBe(1)
})
