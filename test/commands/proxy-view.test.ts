import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {readAgain, recordsIn} from '../actions/proxy-run.js'
import {ping, type Speaker, ToxServer, toxClient} from '../proxy/tox-ends.js'
import {hasTmux, Tmux, viewCommand} from './tmux.js'

let relay: ToxServer
let terminal: Tmux | undefined
const speakers: Speaker[] = []

beforeEach(async () => {
  relay = await ToxServer.start()
})
afterEach(() => {
  for (const {socket} of speakers.splice(0)) socket.destroy()
  relay.stop()
  terminal?.close()
  terminal = undefined
})

/** A proxy with a view before the relay; it records to recording.pcapng in the terminal's folder. */
async function opened(...args: readonly string[]): Promise<{view: Tmux; port: number}> {
  // The folder of the terminal does not exist before.
  const command = viewCommand('proxy', '--view', '--listen', '0', '--upstream', `127.0.0.1:${relay.port}`, ...args)
  const own = `cd $HOME; until [ -s relay.keys ]; do :; done; ${command} --relay-key relay.keys -w recording.pcapng`
  const view = new Tmux(own, 100, 30, {NO_COLOR: '1'})
  terminal = view
  writeFileSync(join(view.folder, 'relay.keys'), Buffer.concat([relay.keys.publicKey, relay.keys.secretKey]))
  const screen = await view.see(/^toxtcp proxy 127\.0\.0\.1:\d+ .*0 records {2}live *$/m)
  return {view, port: Number(/127\.0\.0\.1:(\d+)/.exec(screen)?.[1])}
}

async function client(port: number): Promise<Speaker> {
  const speaker = await toxClient(port, relay.keys.publicKey)
  speakers.push(speaker)
  return speaker
}

async function talk(speaker: Speaker, from: number, to: number): Promise<void> {
  for (let id = from; id <= to; id++) {
    speaker.say(ping(id))
    await speaker.packets(id)
  }
}

const recorded = async ({folder}: Tmux) => recordsIn(await readAgain([join(folder, 'recording.pcapng')]))

describe.skipIf(!hasTmux && !process.env['CI'])(
  `toxtcp proxy --view in a real terminal${hasTmux ? '' : ' (tmux is missing)'}`,
  () => {
    it('follows the packets as they pass, and pauses without losing any', async () => {
      const {view, port} = await opened()
      const alice = await client(port)
      await talk(alice, 1, 5)
      await view.see(/13 records {2}live *$/m)
      expect(await view.see(/Fields of #13[\s\S]*following *$/m)).toContain('PongResponse')
      view.press('p')
      await view.see(/paused *$/m)
      await talk(alice, 6, 10)
      expect(await view.see(/23 records {2}live *$/m)).toContain('Fields of #13')
      view.press('q')
      const end = await view.see('ended with 0')
      expect(end).toMatch(/1 connection \(1 to Tox relays, 1 intercepted\): 20 frames/)
      expect(end).toMatch(/packets recorded in recording\.pcapng/)
      expect(view.state('alternate_on')).toBe('0')
      const frames = (await recorded(view)).filter(({kind, state}) => kind === 'frame' && state === 'open')
      expect(frames).toHaveLength(20)
    })

    it('keeps the latest records with --last, and counts those that fell out', async () => {
      const {view, port} = await opened('--last', '10')
      await talk(await client(port), 1, 20)
      await view.see(/10 records, 33 older ones dropped {2}live *$/m)
      view.press('k')
      await view.see(/Fields of #42[\s\S]*paused *$/m)
    })

    it('filters the packets as they come, from the start with -Y', async () => {
      const {view, port} = await opened('-Y', 'type == pong_response')
      await talk(await client(port), 1, 3)
      await view.see(/3 of 9 records {2}live *$/m)
    })

    it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
      'gives the terminal back and ends in order at %s',
      async signal => {
        const {view, port} = await opened()
        await talk(await client(port), 1, 5)
        process.kill(view.processes('run.js')[0]!, signal)
        await view.see('ended with 0')
        expect(view.state('alternate_on')).toBe('0')
        expect((await recorded(view)).at(-1)).toMatchObject({kind: 'end'})
      },
    )

    it('says what it cannot do without a recording or keys', async () => {
      terminal = new Tmux(viewCommand('proxy', '--view', '--listen', '0'), 100, 30)
      await terminal.see(/0 records {2}live *$/m)
      terminal.press('w')
      terminal.type('part.pcapng\ry')
      await terminal.see('nothing is recorded, so packets cannot be written; start the proxy with -w FILE')
    })
  },
)
