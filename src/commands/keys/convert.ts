import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {ToxtcpCommand} from '../program/toxtcp-command.js'
import {showFlags, writeFlags} from './flags.js'

export default class KeysConvert extends ToxtcpCommand {
  static override summary = 'Convert a key file to another format.'
  static override examples = [
    {
      description: 'The key pair of a relay, as a line of a key log',
      command: '<%= config.bin %> keys convert tox-bootstrapd.keys --form keylog --out relay.keylog',
    },
    {
      description: 'The secret key of a .tox save, on the terminal',
      command: '<%= config.bin %> keys convert me.tox --form hex --reveal',
    },
  ]
  static override args = {
    file: Args.string({name: 'FILE', required: true, ignoreStdin: true, description: 'a key file of any kind'}),
  }
  static override flags = {
    'public-key': Flags.string({helpValue: 'HEX', description: 'convert only the key pair with this public key'}),
    ...writeFlags,
    ...showFlags,
  }

  override async run(): Promise<number> {
    const {args, flags} = await this.parse(KeysConvert)
    const {keysConvert} = await import('../../actions/keys/make-convert.js')
    const {io} = this
    return keysConvert({file: args.file, publicKey: flags['public-key'], ...flags, env: io.env}, io)
  }
}
