import {escapeText} from '../view/escape.js'
import {ToxtcpCommand} from './program/toxtcp-command.js'

export default class Complete extends ToxtcpCommand {
  static override hidden = true
  static override summary = 'List what the last word of a command line can become, for completion in shells.'
  static override examples = [{description: 'Commands that begin with re', command: '<%= config.bin %> complete -- re'}]

  override async run(): Promise<number> {
    // The words are those of another command line: oclif would warn that they were not parsed.
    this.parsed = true
    const {candidates} = await import('./program/candidates.js')
    const hasAbouts = this.argv[0] === '--about'
    const given = hasAbouts ? this.argv.slice(1) : this.argv
    const words = given[0] === '--' ? given.slice(1) : given
    for (const {word, about} of candidates(words, this.config)) {
      // A shell shows what follows a tab beside the word.
      const shown = hasAbouts && about !== undefined ? `\t${escapeText(about.replace(/\.$/, ''))}` : ''
      this.io.data(`${escapeText(word)}${shown}\n`)
    }
    return 0
  }
}
