import {stripVTControlCharacters} from 'node:util'
import type {Command} from '@oclif/core/command'
import {CommandHelp, Help} from '@oclif/core/help'
import type * as Interfaces from '@oclif/core/interfaces'
import type {Io} from '../../terminal/io.js'
import {printPaged} from '../../terminal/pager.js'
import {textWidth} from '../../view/text-width.js'
import {theme} from '../../view/theme.js'
import {wrap} from '../../view/wrap.js'
import {unknownCommand} from './command-not-found.js'
import {currentIo} from './current-run.js'
import {shellLines} from './shell-lines.js'

/** Columns before the lines of a section, and before what is in an example. */
const inset = 2

/** Columns before the text below a label. */
const belowLabel = 4

/** Fewest columns of a text beside its label. Where there are fewer, the texts of the list are below their labels. */
const leastBeside = 32

/** Help on a command, in the width of the terminal, with examples that can be pasted. */
class CommandPage extends CommandHelp {
  /** oclif's list without the blanks of a first label that has no short name, and too wide where texts are below. */
  override renderList(input: (string | undefined)[][]): string {
    const rows = input.map(row => row.map(text => stripVTControlCharacters(text ?? '')))
    const column = Math.max(...rows.map(([label = '']) => textWidth(label))) + '  '.length
    if (this.opts.maxWidth - inset - column >= leastBeside) {
      const further = `\n${' '.repeat(column)}`
      return rows
        .map(([label = '', text = '']) => `${label.padEnd(column)}${this.#lines(text, column).join(further)}`.trimEnd())
        .join('\n')
    }
    const further = `\n${' '.repeat(belowLabel)}`
    return rows
      .map(([label = '', text = '']) => [label.trim(), ...this.#lines(text, belowLabel)].join(further))
      .join('\n\n')
  }

  /** @param margin columns before each line, in its section. */
  #lines(text: string, margin: number): string[] {
    return this.wrap(text.trim(), inset + margin).split('\n')
  }

  /** oclif names each flag, and those that exclude others as groups that say less than the list of flags. */
  override usage(): string {
    const {usage = this.defaultUsage()} = this.command
    const width = this.opts.maxWidth - inset
    return [usage]
      .flat()
      .map(line =>
        wrap(this.render(`$ ${this.config.bin} ${line}`), width, width - inset).join(`\n${' '.repeat(inset)}`),
      )
      .join('\n')
  }

  override defaultUsage(): string {
    const {id, args, flags} = this.command
    const names = Object.values(args).map(({name, required, multiple}) => {
      const word = `${name.toUpperCase()}${multiple ? '...' : ''}`
      return required ? word : `[${word}]`
    })
    return [id, ...names, ...(Object.keys(flags).length > 0 ? ['[FLAGS]'] : [])].join(' ')
  }

  /** oclif breaks a command inside quotes and keys: another command, or none, would be pasted. */
  override examples(examples: Command.Example[] | string | undefined): string | undefined {
    if (!Array.isArray(examples) || examples.some(example => typeof example === 'string'))
      return super.examples(examples)
    const margin = ' '.repeat(inset)
    return (examples as Exclude<Command.Example, string>[])
      .map(({description, command}) => {
        const lines = shellLines(`$ ${this.render(command)}`, this.opts.maxWidth - 2 * inset)
        return `${this.wrap(description, 2 * inset)}\n\n${margin}${lines.join(`\n${margin}`)}`
      })
      .join('\n\n')
  }
}

/** oclif's help, with a hint for an unknown command, to the output of the command that runs, or through its pager. */
export class ToxtcpHelp extends Help {
  protected override CommandHelpClass = CommandPage
  #text = ''

  constructor(config: Interfaces.Config, options: Partial<Interfaces.HelpOptions> = {}) {
    super(config, {maxWidth: currentIo().width, ...options})
  }

  override async showHelp(argv: string[]): Promise<void> {
    const flag = argv.findIndex(word => word.startsWith('-'))
    const words = flag === -1 ? argv : argv.slice(0, flag)
    if (words.length > 0 && !this.#isKnown(words)) throw unknownCommand(words, this.config)
    this.#text = ''
    await super.showHelp(argv)
    const io = currentIo()
    await printPaged(inOwnColors(this.#text, io), io, true)
  }

  /** A summary is the only text that oclif prints as wide as it is. */
  protected override log(text = ''): void {
    const lines = text.split('\n').flatMap(line => (/^\w/.test(line) ? wrap(line, this.#width, this.#width) : line))
    this.#text += `${lines.join('\n')}\n`
  }

  get #width(): number {
    return this.opts.maxWidth
  }

  /** Whether words begin with a command, or are a topic. */
  #isKnown(words: readonly string[]): boolean {
    return (
      words.some((_, at) => this.config.findCommand(words.slice(0, at + 1).join(':'))) ||
      this.config.findTopic(words.join(':')) !== undefined
    )
  }
}

/** Help with the headings of its sections as those of a list. oclif does not ask for NO_COLOR, nor for own colours. */
function inOwnColors(text: string, {colorLevel, colors}: Io): string {
  const {head} = theme(colorLevel, colors)
  return stripVTControlCharacters(text).replace(/^[A-Z][A-Z ]+$/gm, title => head(title))
}
