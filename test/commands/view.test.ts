import {spawnSync} from 'node:child_process'
import {appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join, resolve} from 'node:path'
import {afterEach, describe, expect, it} from 'vitest'
import {toxtcp} from './program.js'
import {hasTmux, Tmux, viewCommand} from './tmux.js'

const folder = resolve('fixtures/captures/small')
const small = ['view', 'capture.pcap', '--keylog', 'sessions.keylog']
const command = `cd ${folder} && ${viewCommand(...small)}`

let terminal: Tmux | undefined
afterEach(() => {
  terminal?.close()
  terminal = undefined
})

/** A view of the small capture that is read to its end. */
async function opened(width = 80, height = 24, env: Readonly<Record<string, string>> = {NO_COLOR: '1'}): Promise<Tmux> {
  terminal = new Tmux(command, width, height, env)
  await terminal.see(/346 records *$/m)
  return terminal
}

/** When a process is gone. */
async function ended(id: number): Promise<void> {
  while (spawnSync('ps', ['-p', String(id)]).status === 0) await new Promise(done => setTimeout(done, 50))
}

it('is shown in the README as it is', () => {
  const [, picture] = /^```text\n(toxtcp capture\.pcap[\s\S]*?)^```$/m.exec(readFileSync('README.md', 'utf8'))!
  expect(readFileSync('test/golden/screens/80x24.txt', 'utf8')).toContain(picture!.trimEnd())
})

describe('toxtcp view without a terminal', () => {
  it('says that it needs one, and what to type instead', async () => {
    const {status, stderr, stdout} = await toxtcp(['view', 'fixtures/captures/small/capture.pcap'])
    expect({status, stdout}).toEqual({status: 2, stdout: ''})
    expect(stderr).toBe(
      'toxtcp: the view needs a terminal, and the output is not one\n    toxtcp read fixtures/captures/small/capture.pcap\n',
    )
  })

  it('says that a file is missing', async () => {
    expect((await toxtcp(['view'])).stderr).toContain('no capture file is given')
  })
})

describe.skipIf(!hasTmux && !process.env['CI'])(
  `a view in a real terminal${hasTmux ? '' : ' (tmux is missing)'}`,
  () => {
    it.each([
      [60, 15],
      [80, 24],
      [120, 40],
      [200, 50],
    ])('has these screens at %i x %i', async (width, height) => {
      const view = await opened(width, height)
      const screens = [view.screen()]
      const see = async (text: string | RegExp, ...keys: string[]) => {
        view.press(...keys)
        screens.push(await view.see(text))
      }
      await see(/Packets {2}12\/346[\s\S]*19-42 of the frame/, '1', '2', 'G', 'Tab', '4', 'j')
      await see('frm', '/', ...'frm == client')
      await see(/Connections[\s\S]*cl/, 'Escape', 'o')
      await see('Explanation of', 'q', 'e')
      await expect(screens.map(screen => screen.trimEnd()).join('\n\n')).toMatchFileSnapshot(
        `../golden/screens/${width}x${height}.txt`,
      )
    })

    it('has colours', async () => {
      const view = await opened(80, 24, {TERM: 'tmux-256color'})
      expect(view.screen(true)).toContain('\x1b[36mclient\x1b[39m')
      expect(view.screen(true)).toMatch(/\x1b\[1m *ClientHandshake/)
    })

    it('gives the terminal back when it ends', async () => {
      const view = await opened()
      expect(view.state('alternate_on')).toBe('1')
      view.press('q')
      await view.see('ended with 0')
      expect(view.state('alternate_on')).toBe('0')
      view.type('echoed')
      await view.see('echoed')
    })

    it.each([
      ['SIGTERM', 143],
      ['SIGHUP', 129],
      ['SIGINT', 130],
    ] as const)('gives the terminal back at %s', async (signal, status) => {
      const view = await opened()
      process.kill(view.processes('run.js')[0]!, signal)
      await view.see(`ended with ${status}`)
      expect(view.state('alternate_on')).toBe('0')
    })

    it('gives the terminal back after a crash, and says what went wrong', async () => {
      const view = await opened(80, 24, {NODE_OPTIONS: `--require ${resolve('test/commands/crash-at-signal.cjs')}`})
      process.kill(view.processes('run.js')[0]!, 'SIGUSR2')
      await view.see('a crash for a test')
      expect(view.state('alternate_on')).toBe('0')
      view.type('echoed')
      await view.see('echoed')
    })

    it.each([
      ['as terminals do, with SIGHUP', ''],
      ['without a signal', "trap '' HUP;"],
    ])('ends when its terminal is gone, %s', async (_, before) => {
      terminal = new Tmux(`${before} ${command}`, 80, 24)
      await terminal.see(/346 records *$/m)
      const [id] = terminal.processes('run.js')
      terminal.close()
      terminal = undefined
      await ended(id!)
    })

    it('names a .tox save that opens nothing', async () => {
      const save = resolve('fixtures/keyfiles/client-0.2.18.tox')
      terminal = new Tmux(`cd ${folder} && ${viewCommand(...small, '--key', save)}`, 160, 24, {NO_COLOR: '1'})
      await terminal.see(/client-0\.2\.18\.tox opened nothing: its keys fit none/)
    })

    it('says what becomes of its file, and goes on', async () => {
      const file = join(mkdtempSync(join(tmpdir(), 'toxtcp-view-')), 'capture.pcap')
      copyFileSync(join(folder, 'capture.pcap'), file)
      terminal = new Tmux(viewCommand('view', file), 120, 24)
      await terminal.see(/346 records *$/m)
      appendFileSync(file, 'more')
      await terminal.see(/capture\.pcap has grown by 4 B; toxtcp view .* shows the rest/)
      truncateSync(file, 9000)
      await terminal.see(/capture\.pcap was cut to 9\.00 kB; records after that have no bytes any more/)
      terminal.press('3', '0', '0', 'G')
      await terminal.see(/Fields of #300[\s\S]*this record has no bytes/)
      terminal.press('g', 'Enter')
      await terminal.see('Fields of #1 ')
      rmSync(dirname(file), {recursive: true})
      await terminal.see(/capture\.pcap was removed; what was read of it is still shown/)
      terminal.press('q')
      await terminal.see('ended with 0')
    })

    it('ends at Ctrl-C', async () => {
      const view = await opened()
      view.press('C-c')
      await view.see('ended with 0')
    })

    it('is suspended by Ctrl-Z, and comes back with fg', async () => {
      terminal = new Tmux('bash --norc --noprofile -i', 80, 24, {NO_COLOR: '1', HISTFILE: ''})
      terminal.type(`${command}\n`)
      await terminal.see(/346 records *$/m)
      terminal.press('7', 'G')
      await terminal.see('Fields of #7')
      terminal.press('C-z')
      await terminal.see('Stopped')
      expect(terminal.state('alternate_on')).toBe('0')
      terminal.type('fg\n')
      await terminal.see('Fields of #7')
      terminal.press('j')
      await terminal.see('Fields of #8')
    })

    it('follows the size of its window', async () => {
      const view = await opened(80, 24)
      view.press('7', 'G')
      await view.see('Fields of #7')
      view.resize(120, 40)
      await view.see(/^(.{100,}\n)?── Packets.{90,}$/m)
      view.resize(60, 15)
      const screen = await view.see(/^── Packets[^\n]{0,50}$/m)
      expect(screen).toContain('Fields of #7')
      expect(Math.max(...screen.split('\n').map(line => line.length))).toBeLessThanOrEqual(60)
    })

    it('reads keys from the terminal while the capture comes from standard input', async () => {
      terminal = new Tmux(`cat ${folder}/capture.pcap | ${viewCommand('view', '-')}`, 80, 24)
      await terminal.see(/346 records *$/m)
      terminal.press('G')
      await terminal.see('Fields of #346')
      terminal.press('q')
      await terminal.see('ended with 0')
    })

    it('shows a named pipe while it is written, and ends while it is', async () => {
      const pipe = `mkfifo live && (cat ${folder}/capture.pcap; sleep 60) > live & sleep 1`
      terminal = new Tmux(`cd $HOME; ${pipe}; ${viewCommand('view', 'live', '--last', '100')}`, 80, 24)
      await terminal.see(/100 records, 246 older ones dropped {2}reading *$/m)
      await terminal.see(/Fields of #346[\s\S]*following *$/m)
      terminal.press('k')
      await terminal.see(/Fields of #345[\s\S]*paused *$/m)
      terminal.press('q')
      await terminal.see('ended with 0')
    })

    it('is opened by read --view too, and writes what is shown', async () => {
      const args = ['read', '--view', 'capture.pcap', '--keylog', 'sessions.keylog', '-Y', 'connection == 0']
      terminal = new Tmux(`cd ${folder} && ${viewCommand(...args)}`, 80, 24)
      await terminal.see(/162 of 346 records *$/m)
      terminal.press('w')
      terminal.type(`${terminal.folder}/part.pcapng`)
      terminal.press('Enter')
      await terminal.see('with the keys of their sessions? y or n')
      terminal.press('y')
      await terminal.see(/wrote 111 packets/)
      const {stdout} = await toxtcp(['read', `${terminal.folder}/part.pcapng`, '-Y', 'state == open && kind == frame'])
      expect(stdout.split('\n').length).toBeGreaterThan(100)
    })

    it('keeps filters for the next run, for this user alone', async () => {
      const view = await opened()
      view.press('/')
      view.type('type == ping_request\n')
      await view.see('2 of 346 records')
      view.press('q')
      await view.see('ended with 0')
      const file = `${view.folder}/.local/state/toxtcp/filters`
      expect(readFileSync(file, 'utf8')).toBe('type == ping_request\n')
      expect(statSync(file).mode & 0o777).toBe(0o600)
    })
  },
)
