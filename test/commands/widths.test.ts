import {describe, expect, it} from 'vitest'
import {textWidth} from '../../src/view/text-width.js'
import {amountOf} from '../amount.js'
import {toxtcpHere} from './program.js'

const demo = 'fixtures/demo'
const two = 'fixtures/captures/two_clients'
const dropped = `${demo}/dropped.pcap --keylog ${demo}/dropped.keylog`
const talk = `${two}/capture.pcap --keylog ${two}/sessions.keylog --keylog ${two}/inner.keylog`

/** Commands whose rows follow the width of the terminal. */
const commands: readonly string[] = [
  `read ${demo}/capture.pcap --keylog ${demo}/keys.log -c 60`,
  `read ${talk} -c 400`,
  `read fixtures/captures/relay_only/capture.pcap`,
  `read ${dropped} -c 60 -V`,
  `read ${talk} -c 120 -V -x`,
  `read ${dropped} -c 60 -x`,
  `read ${talk} --conversation`,
  `read ${dropped} -c 60 -t ad`,
  `read ${dropped} -c 60 -t a`,
  `read ${dropped} --follow 11`,
  `read ${dropped} --columns number,time,from,type,ends,key,findings -c 40`,
  `stats ${dropped}`,
  `stats ${talk}`,
  `why ${dropped}`,
  `diff ${demo}/dropped.pcap ${demo}/capture.pcap --keylog ${demo}/dropped.keylog --keylog ${demo}/keys.log`,
  `probe 127.0.0.1:1 ${'ab'.repeat(32)}`,
  'decode 1044',
  'explain oob-empty',
  'explain columns',
  'explain kind',
  'explain oob_send',
  'explain findings',
  'explain',
  'explain filter',
  '--version',
]

const color = /\u001b\[[\d;]*m/g

async function shown(command: string, env: Readonly<Record<string, string>>): Promise<string> {
  const {stdout} = await toxtcpHere(command.split(' '), {env})
  return stdout
}

describe('the rows of', () => {
  it.each(commands)('toxtcp %s fit into 60 to 200 columns, in colour and in ASCII too', async command => {
    const env = {COLUMNS: '80'}
    const plain = await shown(command, env)
    for (const columns of amountOf([60, 80, 120, 100, 160, 200], 3)) {
      const text = columns === 80 ? plain : await shown(command, {COLUMNS: String(columns)})
      for (const line of text.split('\n')) expect(textWidth(line), line).toBeLessThanOrEqual(columns)
      // The text of a dump has any characters.
      if (!command.includes(' -x')) expect(text).not.toMatch(/, ,|,,| ,|\( | \)$/m)
    }
    // Brackets mark bytes of a dump where no colour does.
    if (!command.includes(' -x'))
      expect((await shown(command, {...env, FORCE_COLOR: '1'})).replace(color, '')).toBe(plain)
    if (!command.includes(two)) expect(await shown(`${command} --ascii`, env)).toMatch(/^[\n\x20-\x7e]*$/)
  })
})

it('a pipe has every heading and every word of what is cut on a terminal', async () => {
  for (const command of [commands[0]!, commands[2]!, `read ${dropped}`]) {
    const whole = await shown(command, {})
    expect(whole.split('\n')[0]).toMatch(/NO +TIME .*FROM +TYPE +LEN +SUMMARY +FINDINGS$/)
    // Keys have their short form everywhere.
    expect(whole.replace(/[0-9a-f]{4}…[0-9a-f]{2,4}/g, '')).not.toContain('…')
  }
})

it('keys fit into 80 columns and more, and stay in one piece where there are fewer', async () => {
  const call = `keys show ${demo}/keys.log ${demo}/tox-bootstrapd.keys`
  for (const columns of [60, 80, 100]) {
    const lines = (await shown(call, {COLUMNS: String(columns)})).split('\n')
    for (const line of lines)
      if (!/^[0-9a-f]{64}$/.test(line)) expect(textWidth(line), line).toBeLessThanOrEqual(columns)
    expect(lines.filter(line => /(?<![0-9a-f])[0-9a-f]{64}$/.test(line))).toHaveLength(2)
  }
})

it('errors fit into 60 to 200 columns of a terminal, but for pictures and calls to type', async () => {
  const calls = [
    ['keys', 'show', `${demo}/capture.pcap`],
    ['decode', '0'],
    ['read'],
    ['explain', 'nonsense'],
    ['read', `${demo}/capture.pcap`, '--columns', 'nonsense'],
  ]
  for (const call of calls) {
    for (const noteWidth of amountOf([60, 80, 120, 100, 160, 200], 3)) {
      const {stderr} = await toxtcpHere(call, {noteWidth})
      for (const line of stderr.split('\n'))
        if (!/^ {4}toxtcp /.test(line)) expect(textWidth(line), line).toBeLessThanOrEqual(noteWidth)
    }
  }
})
