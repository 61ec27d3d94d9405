import {spawnSync} from 'node:child_process'
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {hasTmux, Tmux, viewCommand} from '../commands/tmux.js'
import {makeCapture} from './captures/make-capture.js'
import {leftOut} from './left-out.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-bench-'))
const megabyte = 1_000_000
const files = (name: string) => [join(folder, `${name}.pcapng`), join(folder, `${name}.keylog`)] as const
const [middle, middleLog] = files('middle')
const [big, bigLog] = files('big')
const hasTermshark = spawnSync('termshark', ['--version']).status === 0

beforeAll(async () => {
  await makeCapture(middle, middleLog, {size: 34 * megabyte, connections: 20, seed: 3})
  await makeCapture(big, bigLog, {size: 420 * megabyte, connections: 50, seed: 7, mix: 'calls'})
}, 600_000)
afterAll(() => rmSync(folder, {recursive: true}))

/** Most megabytes that a process and its children have had in memory. */
function peakOf(processes: readonly number[]): number {
  const below = (parent: number): number[] =>
    readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .map(Number)
      .filter(child => {
        try {
          return readFileSync(`/proc/${child}/stat`, 'utf8')
            .replace(/^.*\) . /, '')
            .startsWith(`${parent} `)
        } catch {
          return false
        }
      })
      .flatMap(child => [child, ...below(child)])
  const all = processes.flatMap(each => [each, ...below(each)])
  return all.reduce((sum, each) => {
    const found = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${each}/status`, 'utf8'))
    return sum + Number(found?.[1] ?? 0) / 1024
  }, 0)
}

/** Seconds until the screen shows something, and what came of it. */
async function secondsUntil(terminal: Tmux, text: RegExp, act: () => void = () => {}): Promise<number> {
  const start = performance.now()
  act()
  // While a capture is read, the screen is never still: it is enough that the text is there.
  while (!text.test(terminal.screen())) {
    if (performance.now() - start > 300_000) throw new Error(`no ${text}:\n${terminal.screen()}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  return (performance.now() - start) / 1000
}

/** What 95 % of the values are below. */
const percentileOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0

interface Figures {
  readonly first: number
  readonly last: number
  readonly filter: number
  readonly peak: number
}

async function figuresOf(
  command: string,
  name: string,
  texts: {readonly first: RegExp; readonly last: RegExp; readonly filter: string; readonly filtered: RegExp},
): Promise<Figures> {
  const terminal = new Tmux(command, 120, 40, {TERM: 'tmux-256color'})
  try {
    const first = await secondsUntil(terminal, texts.first)
    const start = performance.now()
    // While a capture is read, termshark goes to the last packet so far.
    while (!texts.last.test(terminal.screen())) {
      terminal.press('G')
      await new Promise(resolve => setTimeout(resolve, 250))
      if (performance.now() - start > 120_000) throw new Error(`no last packet:\n${terminal.screen()}`)
    }
    const last = (performance.now() - start) / 1000
    terminal.press('/')
    await new Promise(resolve => setTimeout(resolve, 200))
    const filter = await secondsUntil(terminal, texts.filtered, () => terminal.type(`${texts.filter}\r`))
    return {first, last: first + last, filter, peak: peakOf(terminal.processes(name))}
  } finally {
    terminal.close()
  }
}

describe.skipIf(!hasTmux || !hasTermshark)(
  `a capture of 34 MB beside termshark${leftOut(hasTmux && hasTermshark, 'tmux or termshark')}`,
  () => {
    it('is shown, read to its last packet and filtered sooner, in less memory', async () => {
      const records = /[\d,]+ of [\d,]+ records *$/m
      const ours = await figuresOf(viewCommand('view', middle, '--keylog', middleLog), 'run.js', {
        first: /ClientHandshake/,
        last: / End +- /,
        filter: 'length == 1402',
        filtered: records,
      })
      const theirs = await figuresOf(`termshark -r ${middle}`, 'termshark', {
        first: /\[SYN\]/,
        last: /\[FIN, ACK\]/,
        filter: 'tcp.len == 1402',
        filtered: /Len=1402[\s\S]*Len=1402[\s\S]*Len=1402/,
      })
      for (const name of ['first', 'last', 'filter', 'peak'] as const) {
        const [own, other] = [ours[name], theirs[name]]
        console.log(`${name}: ${own.toFixed(2)} against ${other.toFixed(2)}, ${(other / own).toFixed(1)} x better`)
        expect(own, name).toBeLessThan(other)
      }
    }, 600_000)
  },
)

describe.skipIf(!hasTmux)(`a capture of 420 MB and 400,000 records${leftOut(hasTmux, 'tmux')}`, () => {
  it('shows a screen within a second, answers keys within 50 ms while it loads, and stays under 300 MB', async () => {
    const terminal = new Tmux(viewCommand('view', big, '--keylog', bigLog), 120, 40)
    try {
      const first = await secondsUntil(terminal, /ClientHandshake/)
      const times: number[] = []
      for (let press = 2; !/^toxtcp.*records *$/m.test(terminal.screen()) && press < 200; press++)
        times.push(terminal.secondsToAnswer('j', `Fields of #${press} `))
      const [, records = ''] = /([\d,]+) records *$/m.exec(await terminal.see(/^toxtcp.*records *$/m, 120))!
      const percentile = percentileOf(times)
      // The filter looks into every packet while keys are pressed.
      terminal.press('g', 'Enter', '/')
      terminal.type('data.data contains 0102030405060708 || length > 20\r')
      await secondsUntil(terminal, / of [\d,]+ records/)
      const filtering: number[] = []
      const [, chosen = ''] = /Fields of #(\d+)/.exec(terminal.screen())!
      for (let place = Number(chosen); / records … *$/m.test(terminal.screen()) && filtering.length < 200; ) {
        const start = performance.now()
        terminal.press('j')
        const before = `Fields of #${place} `
        while (terminal.screen().includes(before)) if (performance.now() - start > 10_000) break
        filtering.push((performance.now() - start) / 1000)
        place = Number(/Fields of #(\d+)/.exec(terminal.screen())?.[1] ?? place)
      }
      const whileFiltering = percentileOf(filtering)
      const peak = peakOf(terminal.processes('run.js'))
      console.log(
        `${records} records; first screen ${first.toFixed(2)} s; ${times.length} keys while it loads, 95 % within ` +
          `${(percentile * 1000).toFixed(0)} ms; ${filtering.length} keys while a filter looks at all, 95 % within ` +
          `${(whileFiltering * 1000).toFixed(0)} ms; ` +
          `${peak.toFixed(0)} MB`,
      )
      expect(Number(records.replaceAll(',', ''))).toBeGreaterThan(400_000)
      expect(first).toBeLessThan(1)
      expect(percentile).toBeLessThan(0.05)
      expect(filtering.length).toBeGreaterThan(5)
      expect(whileFiltering).toBeLessThan(0.05)
      expect(peak).toBeLessThan(300)
    } finally {
      terminal.close()
    }
  }, 600_000)
})
