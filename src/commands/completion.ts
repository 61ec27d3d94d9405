import * as Args from '@oclif/core/args'
import {ToxtcpCommand} from './program/toxtcp-command.js'

export default class Completion extends ToxtcpCommand {
  static override summary = 'Print the completion script of a shell.'
  static override description =
    'Completes commands, flags at any place, values of flags, fields in filters, names for explain, and files. ' +
    'Bash: put `eval "$(toxtcp completion bash)"` into ~/.bashrc. Zsh: the same with zsh, into ~/.zshrc after ' +
    'compinit. Fish: toxtcp completion fish > ~/.config/fish/completions/toxtcp.fish'
  static override examples = [{description: 'The script for bash', command: '<%= config.bin %> completion bash'}]
  static override args = {
    shell: Args.string({name: 'SHELL', required: true, ignoreStdin: true, description: 'bash, zsh or fish'}),
  }

  override async run(): Promise<number> {
    const {args} = await this.parse(Completion)
    const {completion} = await import('../actions/completion.js')
    return completion(args.shell, this.io)
  }
}
