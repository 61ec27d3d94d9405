import {escapeText} from '../view/escape.js'
import {ToxtcpCommand} from './program/toxtcp-command.js'

export default class Complete extends ToxtcpCommand {
  static override hidden = true
  static override strict = false
  static override summary = 'List what the last word of a command line can become, for completion in shells.'
  static override examples = [{description: 'Commands that begin with re', command: '<%= config.bin %> complete -- re'}]

  override async run(): Promise<number> {
    const {candidates} = await import('./program/candidates.js')
    const words = this.argv[0] === '--' ? this.argv.slice(1) : this.argv
    for (const word of candidates(words, this.config)) this.io.stdout(`${escapeText(word)}\n`)
    return 0
  }
}
