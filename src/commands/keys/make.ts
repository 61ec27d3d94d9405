import {ToxtcpCommand} from '../program/toxtcp-command.js'
import {showFlags, writeFlags} from './flags.js'

export default class KeysMake extends ToxtcpCommand {
  static override summary = 'Make a key pair.'
  static override examples = [
    {description: 'A key file for tox-bootstrapd', command: '<%= config.bin %> keys make --out keys --form raw'},
    {description: 'A key pair, on the terminal', command: '<%= config.bin %> keys make --reveal'},
  ]
  static override flags = {...writeFlags, ...showFlags}

  override async run(): Promise<number> {
    const {flags} = await this.parse(KeysMake)
    const {keysMake} = await import('../../actions/keys/make-convert.js')
    return keysMake(flags, this.io)
  }
}
