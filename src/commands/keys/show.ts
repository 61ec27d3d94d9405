import * as Args from '@oclif/core/args'
import {ToxtcpCommand} from '../program/toxtcp-command.js'
import {showFlags} from './flags.js'

export default class KeysShow extends ToxtcpCommand {
  static override summary = 'Show the public keys and sessions in key files.'
  static override description =
    'Detects the kind of each file: a 64-byte key file, a .tox save, a key log or secret keys in hex. Does not ' +
    'print secret keys. ' +
    'The variable TOXTCP_PASSPHRASE has the passphrase of an encrypted save.'
  static override examples = [
    {description: 'The public key of a relay', command: '<%= config.bin %> keys show tox-bootstrapd.keys'},
    {
      description: 'The sessions of a key log, for programs',
      command: '<%= config.bin %> keys show sessions.keylog --json',
    },
  ]
  static override args = {
    file: Args.string({name: 'FILE', multiple: true, ignoreStdin: true, description: 'key files of any kind'}),
  }
  static override flags = showFlags

  override async run(): Promise<number> {
    const {args, flags} = await this.parse(KeysShow)
    const {keysShow} = await import('../../actions/keys/show.js')
    const {io} = this
    return keysShow({files: args.file ?? [], ...flags, env: io.env}, io)
  }
}
