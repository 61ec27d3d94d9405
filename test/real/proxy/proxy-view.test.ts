import {randomBytes} from 'node:crypto'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, describe, expect, test} from 'vitest'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {readAgain, recordsIn} from '../../actions/proxy/proxy-run.js'
import {hasTmux, Tmux, viewCommand} from '../../commands/tmux.js'
import {missing} from '../toxcore/present.js'
import {type Relay, startRelay} from '../toxcore/relay.js'
import {RemoteClient} from '../toxcore/remote.js'

const reason = missing() ?? (hasTmux ? undefined : 'tmux is not installed')
if (reason) console.warn(`test/real/proxy/proxy-view.test.ts is skipped: ${reason}`)

const box = await loadSodium()
const program = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))

/** Number of messages that one friend sends the other. */
const messages = 20

/** What a test starts. */
interface Started {
  relay?: Relay
  view?: Tmux
  readonly clients: RemoteClient[]
}

/** Ends, after the tests of a group, what they have started. */
function endedAfterwards(): Started {
  const started: Started = {clients: []}
  afterAll(async () => {
    await Promise.all(started.clients.map(client => client.quit()))
    started.view?.close()
    await started.relay?.stop()
  })
  return started
}

describe.skipIf(reason !== undefined)('a session of real clients through toxtcp proxy --view', () => {
  const started = endedAfterwards()
  const {clients} = started

  test('is paused and filtered, one packet is edited, and the recording has lost nothing', async () => {
    started.relay = await startRelay()
    const {host, port, publicKey, keyFile} = started.relay
    const args = ['--listen', '0', '--upstream', `${host}:${port}`, '--relay-key', keyFile, '-w', 'recording.pcapng']
    const terminal = new Tmux(`cd $HOME && ${viewCommand('proxy', '--view', ...args)}`, 120, 40)
    started.view = terminal
    const screen = await terminal.see(/^toxtcp proxy 127\.0\.0\.1:\d+ .*0 records {2}live *$/m)
    const start = async () => {
      const nodes = [
        {host, port: Number(/127\.0\.0\.1:(\d+)/.exec(screen)?.[1]), key: publicKey, relay: true},
        {host, port, key: publicKey, bootstrap: true},
      ]
      const client = await RemoteClient.start({nodes})
      clients.push(client)
      return client
    }
    const [alice, bob] = await Promise.all([start(), start()])
    alice.send({do: 'befriend', address: bob.address})
    await bob.next('request')
    await Promise.all([alice, bob].map(client => client.next('friend', event => event.online)))

    terminal.press('/')
    terminal.type('type == data && from == relay\r')
    await terminal.see(/type == data && from == relay +[\d,]+ of [\d,]+ records {2}live *$/m)
    terminal.press('p')
    const paused = await terminal.see(/Fields of #\d+[\s\S]*paused *$/m)
    const [chosen] = /Fields of #\d+/.exec(paused)!

    terminal.press('i', 'h')
    await terminal.see(/^hold the next with: /m)
    terminal.press('C-u')
    terminal.type('type == data && from == relay && inner.type == crypto_data\r')
    for (let number = 1; number <= messages; number++) alice.send({do: 'message', friend: 0, text: `message ${number}`})
    await terminal.see(/1 held {2}paused *$/m)
    terminal.press('I', 'Enter', 'h')
    // The end of the packet is in sight: its last byte becomes 00, so that its receiver cannot open it.
    await terminal.see(/^hex to send: /m)
    terminal.press('BSpace', 'BSpace')
    terminal.type('00\r')
    await terminal.see('the edited packet was sent')
    terminal.press('q')
    expect(await terminal.see(/^── Packets/m)).toContain(chosen)

    for (let number = 1; number <= messages; number++)
      expect(await bob.next('message')).toMatchObject({text: `message ${number}`})
    await Promise.all(clients.map(client => client.quit()))
    terminal.press('\\', 'G')
    await terminal.see(/ End +- /)
    terminal.press('q')
    const end = await terminal.see('ended with 0')
    const [, frames = ''] = /connections? \(.*\): ([\d,]+) frames/.exec(end)!

    const records = recordsIn(await readAgain([join(terminal.folder, 'recording.pcapng')]))
    const recorded = records.filter(({kind}) => kind === 'frame')
    expect(recorded).toHaveLength(Number(frames.replaceAll(',', '')))
    expect(recorded.filter(({state}) => state !== 'open' && state !== 'plain')).toEqual([])
    expect(records.filter(({kind}) => kind === 'gap')).toEqual([])
    const edited = recorded.filter(({findings}) => findings.some(({code}) => code === 'packet-edited'))
    expect(edited).toMatchObject([{from: 'relay', type: 'data'}])
    // The relay is not blamed for the edit.
    expect(records.flatMap(({findings}) => findings).filter(({code}) => code === 'relayed-changed')).toEqual([])
  })
})

describe.skipIf(reason !== undefined)('friends with key logs through toxtcp proxy --view', () => {
  const started = endedAfterwards()
  const {clients} = started

  test('have the names that they say, and those that labels give, in the list, the tree and the conversation', async () => {
    started.relay = await startRelay()
    const {host, port, publicKey, keyFile} = started.relay
    const pairs = [randomBytes(32), randomBytes(32)].map(seed => box.keyPair(seed))
    const bobKey = toHex(pairs[1]!.publicKey)
    const terminal = new Tmux(
      `cd $HOME && ${viewCommand(
        ...['proxy', '--view', '--listen', '0', '--upstream', `${host}:${port}`, '--relay-key', keyFile],
        ...['--keylog', 'alice.keys', '--keylog', 'bob.keys', '--label', `${bobKey}=Bobby`],
      )}`,
      160,
      40,
    )
    started.view = terminal
    const screen = await terminal.see(/^toxtcp proxy 127\.0\.0\.1:\d+ .*0 records {2}live *$/m)
    const nodes = [
      {host, port: Number(/127\.0\.0\.1:(\d+)/.exec(screen)?.[1]), key: publicKey, relay: true},
      {host, port, key: publicKey, bootstrap: true},
    ]
    const start = async (secretKey: Uint8Array, log: string) => {
      const keyLogger = [process.execPath, program, 'keys', 'log', '--out', join(terminal.folder, log), '--']
      const client = await RemoteClient.start({nodes, secretKey: toHex(secretKey)}, keyLogger)
      clients.push(client)
      return client
    }
    const alice = await start(pairs[0]!.secretKey, 'alice.keys')
    const bob = await start(pairs[1]!.secretKey, 'bob.keys')
    alice.send({do: 'name', text: 'Alice'})
    bob.send({do: 'name', text: 'Robert'})
    alice.send({do: 'befriend', address: bob.address})
    await bob.next('request')
    await Promise.all([alice, bob].map(client => client.next('friend', event => event.online)))
    await bob.next('name', ({text}) => text === 'Alice')
    alice.send({do: 'message', friend: 0, text: 'are you there?'})
    await bob.next('message')
    terminal.press('/')
    terminal.type('message && from == relay\r')
    await terminal.see(/Message "are you there\?" .*\[Alice \(/)
    terminal.press('/')
    terminal.press('C-u')
    terminal.type('message && from == client\r')
    await terminal.see(/Message "are you there\?" .*\[Bobby \(/)
    terminal.press('D')
    await terminal.see('Alice > Bobby  are you there?')
    terminal.press('q')
    await Promise.all(clients.map(client => client.quit()))
    terminal.press('q')
    await terminal.see('ended with 0')
  })
})
