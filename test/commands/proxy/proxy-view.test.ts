import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {readAgain, recordsIn} from '../../actions/proxy/proxy-run.js'
import {ping, type Speaker, ToxServer, toxClient} from '../../proxy/tox-ends.js'
import {toxtcp} from '../program.js'
import {hasTmux, Tmux, viewCommand} from '../tmux.js'

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

/** Order what to do with the next packet that matches. */
async function order(view: Tmux, letter: string, filter: string): Promise<void> {
  view.press('i', letter)
  await view.see(/^\w+ the next( \d+)? with: /m)
  view.press('C-u')
  view.type(`${filter}\r`)
  await view.see(/^ordered: /m)
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** What the relay answers to a ping. */
const pong = (id: number): Uint8Array => Uint8Array.of(5, ...ping(id).subarray(1))

const recorded = async ({folder}: Tmux) => recordsIn(await readAgain([join(folder, 'recording.pcapng')]))

it('says that the view needs a terminal, and what to type instead', async () => {
  const {status, stderr, stdout} = await toxtcp(['proxy', '--view', '--listen', '0'])
  expect({status, stdout}).toEqual({status: 2, stdout: ''})
  expect(stderr).toBe(
    'toxtcp: the view needs a terminal, and the output is not one\n' +
      '    to print the records, leave out --view\n    toxtcp proxy --listen 0\n',
  )
})

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
      const screen = await terminal.see(
        /^nothing is recorded, so packets cannot be written; start the proxy with -w FILE/m,
      )
      expect(screen).toMatch(/0 records {2}live *$/m)
      terminal.press('i')
      await terminal.see('the proxy does not intercept: start it with --relay-key FILE')
    })

    it('holds one packet, lets it be edited as hex, and sends it; the recording has all', async () => {
      const {view, port} = await opened()
      const alice = await client(port)
      await talk(alice, 1, 2)
      await order(view, 'h', 'type == ping_request && from == client')
      alice.say(ping(3), ping(4))
      await alice.packets(3)
      expect(alice.heard[2]).toBe(hex(pong(4)))
      await view.see('held: PingRequest from the client of connection 0, 9 bytes: 0000000000000003')
      view.press('I')
      await view.see(/^held {3}PingRequest from the client of connection 0/m)
      view.press('Enter', 'h')
      await view.see(/^hex to send: 040000000000000003 *$/m)
      view.press('BSpace')
      view.type('f\r')
      await alice.packets(4)
      expect(alice.heard[3]).toBe(hex(pong(15)))
      await view.see('the edited packet was sent')
      view.press('q', 'q')
      await view.see('ended with 0')
      const frames = (await recorded(view)).filter(({kind}) => kind === 'frame')
      expect(frames.filter(({state}) => state === 'open')).toHaveLength(8)
      expect(frames.flatMap(({findings}) => findings.map(({code}) => code))).toContain('packet-held')
    })

    it('lets a held packet be edited as JSON, and says what is wrong with it', async () => {
      const {view, port} = await opened()
      const alice = await client(port)
      await order(view, 'h', 'type == ping_request')
      alice.say(ping(3))
      await view.see(/1 held {2}following *$/m)
      view.press('I', 'Enter', 'j')
      await view.see('JSON to send: {"type":"ping_request","fields":{"ping_id":"0000000000000003"}}')
      view.press('BSpace')
      await view.see(/is not JSON/)
      view.press('BSpace', 'BSpace', 'BSpace')
      view.type('4"}}\r')
      await alice.packets(1)
      expect(alice.heard).toEqual([hex(pong(4))])
    })

    it('drops, delays and marks the next packets of a kind', async () => {
      const {view, port} = await opened()
      const alice = await client(port)
      view.press('2')
      await order(view, 'x', 'type == ping_request')
      alice.say(ping(1), ping(2), ping(3))
      await alice.packets(1)
      expect(alice.heard).toEqual([hex(pong(3))])
      view.press('i', 'd')
      await view.see(/^delay by: 1s/m)
      view.press('C-u')
      view.type('50ms\r')
      await view.see(/^delay the next with: /m)
      view.press('C-u')
      view.type('type == ping_request\r')
      await view.see(/ordered: delay 1 packet/)
      alice.say(ping(5), ping(6))
      await alice.packets(3)
      expect(alice.heard.slice(1)).toEqual([hex(pong(6)), hex(pong(5))])
      await order(view, 'm', 'type == pong_response')
      await talk(alice, 4, 4)
      view.press('/')
      view.type('finding.code == packet-marked\r')
      await view.see(/1 of \d+ records {2}live *$/m)
      expect(await view.see('note packet-marked:  marked by hand')).toContain('PongResponse')
    })

    it('cancels an order, and sends a copy of a packet', async () => {
      const {view, port} = await opened()
      const alice = await client(port)
      await order(view, 'x', 'from == client')
      view.press('I')
      await view.see(/^order {2}drop the next 1 packet: from == client/m)
      view.press('Enter')
      await view.see('nothing is held, and nothing was ordered')
      view.press('q')
      await talk(alice, 1, 1)
      await view.see(/5 records {2}live *$/m)
      view.press('g')
      view.type('4\r')
      await view.see(/Fields of #4[\s\S]*paused *$/m)
      view.press('R', 'h')
      await view.see(/^hex to send: 040000000000000001 *$/m)
      view.press('Enter')
      await alice.packets(2)
      expect(alice.heard[1]).toBe(hex(pong(1)))
    })
  },
)
