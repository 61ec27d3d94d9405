import {copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {afterAll, afterEach, describe, expect, it} from 'vitest'
import {ToxServer, toxClient} from '../../proxy/tox-ends.js'
import {hasTmux, Tmux, viewCommand} from '../tmux.js'
import {everything, found, secretsOfLog} from './secrets.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-view-secrets-'))
const demo = (name: string): string => resolve('fixtures/demo', name)

let terminal: Tmux | undefined
afterEach(() => {
  terminal?.close()
  terminal = undefined
})
afterAll(() => rmSync(folder, {recursive: true}))

/** Keys that lead to every page and pane, with what is shown once each of them has been answered. */
const ways: readonly (readonly [readonly string[], string | RegExp])[] = [
  [['3', 'G', 'x'], /0000 /],
  [['Tab', 'X'], /0000 /],
  [['Escape', 'D'], 'Conversation of the peers'],
  [['Escape', 'o'], 'Connections'],
  [['Escape', 's'], 'Statistics'],
  [['Escape', 'd'], /Connection \d+: /],
  [['Escape', 'y', 'c'], /copied|copy/],
  [['M'], 'Messages'],
]

/** What the terminal shows on each way. */
async function screensOf(view: Tmux): Promise<(readonly [string, string])[]> {
  const screens: (readonly [string, string])[] = []
  for (const [keys, shown] of ways) {
    view.press(...keys)
    screens.push([`view after ${keys.join(' ')}`, await view.see(shown)])
  }
  return screens
}

describe.skipIf(!hasTmux && !process.env['CI'])('no secret is shown on a screen or written', () => {
  it('by a view of a capture that keys of every kind open', async () => {
    const pair = readFileSync(demo('tox-bootstrapd.keys')).toString('hex')
    const keys = ['--keylog', demo('keys.log'), '--keylog', demo('inner.keylog'), '--key', demo('tox-bootstrapd.keys')]
    terminal = new Tmux(viewCommand('view', demo('capture.pcap'), ...keys), 200, 60, {NO_COLOR: '1'})
    await terminal.see(/\d+ records *$/m)
    const screens = await screensOf(terminal)
    const secrets = [...secretsOfLog(demo('keys.log')), ...secretsOfLog(demo('inner.keylog')), pair.slice(64)]
    expect(secrets.length).toBeGreaterThan(4)
    expect(found(secrets, everything(terminal.folder, screens, []))).toEqual([])
  })

  it('by the view of a proxy that intercepts', async () => {
    const relay = await ToxServer.start()
    const key = join(folder, 'relay.keys')
    writeFileSync(key, Buffer.concat([relay.keys.publicKey, relay.keys.secretKey]), {mode: 0o600})
    const [log, recording] = [join(folder, 'sessions.keylog'), join(folder, 'recording.pcapng')]
    const recorded = ['--write-keylog', log, '-w', recording, '--no-embed-keys']
    const proxy = ['proxy', '--view', '--listen', '0', '--upstream', `127.0.0.1:${relay.port}`, '--relay-key', key]
    const view = new Tmux(viewCommand(...proxy, ...recorded), 200, 60, {NO_COLOR: '1'})
    terminal = view
    const port = /127\.0\.0\.1:(\d+)/.exec(await view.see(/^toxtcp proxy 127\.0\.0\.1:\d+ .*0 records {2}live *$/m))![1]
    const client = await toxClient(Number(port), relay.keys.publicKey)
    await view.see(/[1-9] records {2}live *$/m)
    const screens = await screensOf(view)
    view.press('Escape', 'q')
    screens.push(['the end', await view.see('ended with 0')])
    client.socket.destroy()
    relay.stop()
    copyFileSync(recording, join(view.folder, 'recording.pcapng'))
    const secrets = [...secretsOfLog(log), Buffer.from(relay.keys.secretKey).toString('hex')]
    expect(secrets.length).toBeGreaterThan(1)
    expect(found(secrets, everything(view.folder, screens, []))).toEqual([])
  })
})
