import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, it} from 'vitest'
import {shellWord} from '../../src/wire/text/shell-word.js'
import {runFile} from '../commands/program.js'
import {hasTmux, Tmux} from '../commands/tmux.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-shells-'))

beforeAll(() => {
  mkdirSync(join(folder, 'bin'))
  symlinkSync(runFile, join(folder, 'bin/toxtcp'))
  mkdirSync(join(folder, 'here'))
  writeFileSync(join(folder, 'here/capture.pcap'), '')
  writeFileSync(join(folder, 'here/keys of Anna.log'), '')
})
afterAll(() => rmSync(folder, {recursive: true}))

/** How a shell starts without the files of a user, and what gives it the script, an empty prompt and no history. */
const shells = {
  bash: {start: 'bash --norc --noprofile -i', setUp: 'PS1=; unset HISTFILE; eval "$(toxtcp completion bash)"'},
  zsh: {start: 'zsh -f -i', setUp: 'PS1=; autoload -U compinit; compinit -u -D; eval "$(toxtcp completion zsh)"'},
  fish: {
    start: 'fish --no-config --private -i',
    // What fish suggests in grey looks like what Tab fills in.
    setUp: 'set -g fish_autosuggestion_enabled 0; function fish_prompt; end; toxtcp completion fish | source',
  },
} as const

/** Keys, of which \t is Tab, and the line that they make. The key after Tab shows whether a blank was filled in. */
const completions: readonly (readonly [what: string, keys: string, line: string])[] = [
  ['a command', 'toxtcp deco\t-', 'toxtcp decode -'],
  ['a file', 'toxtcp read capt\t-', 'toxtcp read capture.pcap -'],
  ['a flag before a file, and the file', 'toxtcp read --fol\tcapt\t-', 'toxtcp read --follow capture.pcap -'],
  ['a flag after a file', 'toxtcp read capture.pcap --no-c\t-', 'toxtcp read capture.pcap --no-color -'],
  ['a file with blanks for a flag', 'toxtcp read --keylog keys\t-', 'toxtcp read --keylog keys\\ of\\ Anna.log -'],
  ['a format', 'toxtcp read -T conv\t-', 'toxtcp read -T conversation -'],
  ['a format after an equals sign', 'toxtcp read --format=conv\t-', 'toxtcp read --format=conversation -'],
  ['a form of times', 'toxtcp read -t ad\t-', 'toxtcp read -t ad -'],
  ['a severity', 'toxtcp read --fail-on wa\t-', 'toxtcp read --fail-on warn -'],
  ['an option of fields, without a blank', 'toxtcp read -E head\ty', 'toxtcp read -E header=y'],
  ['a name of explain', 'toxtcp explain packet-too-sh\t-', 'toxtcp explain packet-too-short -'],
  ['the last of several columns', 'toxtcp read --columns number,summ\t-', 'toxtcp read --columns number,summary -'],
  [
    'a field in the open quote of a filter',
    "toxtcp read -Y 'type == data && ping_request.p\t",
    "toxtcp read -Y 'type == data && ping_request.ping_id'",
  ],
]

describe.each(Object.entries(shells))('completion in %s', (name, {start, setUp}) => {
  const missing = hasTmux ? (spawnSync(name, ['-c', 'true']).status === 0 ? undefined : name) : 'tmux'
  const title = `at a terminal${missing === undefined ? '' : ` (${missing} is missing)`}`

  describe.skipIf(missing !== undefined && !process.env['CI'])(title, () => {
    let terminal: Tmux
    beforeAll(async () => {
      // tmux sets PATH to its own, whatever it is asked for.
      const path = `PATH=${shellWord(join(folder, 'bin'))}:$PATH`
      terminal = new Tmux(`cd ${shellWord(join(folder, 'here'))}; ${path} ${start}`, 160, 12)
      // The quotes keep the line that is typed from being taken for what it prints.
      terminal.type(`${setUp}; echo rea''dy`)
      terminal.press('Enter')
      await terminal.see(/^ready$/m)
    })
    afterAll(() => terminal?.close())

    it.each(completions)('fills in %s', async (_, keys, line) => {
      terminal.press('C-u', 'C-l')
      await terminal.see(/^\s*$/)
      terminal.type(keys)
      await terminal.see(line)
    })
  })
})
