import * as Flags from '@oclif/core/flags'
import {ToxtcpCommand} from './program/toxtcp-command.js'

export default class Config extends ToxtcpCommand {
  static override summary = 'Show the defaults that are in force, and where each comes from.'
  static override description =
    'Defaults of flags, names of peers and colours are in toxtcp/config.json in $XDG_CONFIG_HOME or ~/.config, or ' +
    'in the file that the variable TOXTCP_CONFIG names (empty: none). The file is a JSON object with up to four ' +
    'members: "flags" (of every command that has the flag), "commands" (the same for one command), "labels" (names ' +
    'of peers by key) and "colors". What is typed comes before the environment, and that before a default; a ' +
    'default that would contradict what is typed, or have no effect, is left out.'
  static override examples = [
    {description: 'What is in force', command: '<%= config.bin %> config'},
    {
      description: 'The defaults of another file, for programs',
      command:
        'echo \'{"flags": {"color": "never"}, "commands": {"read": {"time": "ad"}}}\' > defaults.json; ' +
        'TOXTCP_CONFIG=defaults.json <%= config.bin %> config --json',
    },
  ]
  static override flags = {json: Flags.boolean({description: 'print one JSON object'})}

  override async run(): Promise<number> {
    const {flags} = await this.parse(Config)
    const {checkedDefaults} = await import('./defaults/checked.js')
    const defaults = await checkedDefaults(this.config, this.io.env)
    const {showConfig} = await import('../actions/config.js')
    return showConfig(defaults, flags.json, this.io)
  }
}
