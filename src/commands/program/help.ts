import {CommandHelp, Help} from '@oclif/core/help'
import {printPaged} from '../../terminal/pager.js'
import {unknownCommand} from './command-not-found.js'
import {currentIo} from './current-io.js'

/** Help on a command, with the first label of each list in its column. */
class AlignedCommandHelp extends CommandHelp {
  /** oclif trims the list, and with it the blanks where the first flag has no short name. */
  override renderList(input: (string | undefined)[][], options: Parameters<CommandHelp['renderList']>[1]): string {
    const list = super.renderList(input, options)
    const [first = ''] = input[0] ?? []
    const hasLabelsAlone = list.startsWith(`${first.trim()}\n`)
    return hasLabelsAlone ? list : `${' '.repeat(first.length - first.trimStart().length)}${list}`
  }
}

/** oclif's help, with a hint for an unknown command, to the output of the command that runs, or through its pager. */
export class ToxtcpHelp extends Help {
  protected override CommandHelpClass = AlignedCommandHelp
  #text = ''

  override async showHelp(argv: string[]): Promise<void> {
    const flag = argv.findIndex(word => word.startsWith('-'))
    const words = flag === -1 ? argv : argv.slice(0, flag)
    if (words.length > 0 && !this.#isKnown(words)) throw unknownCommand(words, this.config)
    this.#text = ''
    await super.showHelp(argv)
    await printPaged(this.#text, currentIo(), true)
  }

  protected override log(text = ''): void {
    this.#text += `${text}\n`
  }

  /** Whether words begin with a command, or are a topic. */
  #isKnown(words: readonly string[]): boolean {
    return (
      words.some((_, at) => this.config.findCommand(words.slice(0, at + 1).join(':'))) ||
      this.config.findTopic(words.join(':')) !== undefined
    )
  }
}
