import * as Args from '@oclif/core/args'
import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {processIo} from '../../terminal/io.js'
import {showFlags, writeFlags} from './flags.js'

export default class KeysConvert extends Command {
  static override summary = 'Write the keys of one file in another form.'
  static override examples = [
    {
      description: 'The pair of a relay as a line of a key log',
      command: '<%= config.bin %> keys convert tox-bootstrapd.keys --form keylog --out relay.keylog',
    },
    {
      description: 'The secret key of a save, to read',
      command: '<%= config.bin %> keys convert me.tox --form hex --reveal',
    },
  ]
  static override args = {
    file: Args.string({name: 'FILE', required: true, ignoreStdin: true, description: 'a key file of any kind'}),
  }
  static override flags = {
    'public-key': Flags.string({helpValue: 'HEX', description: 'only the pair with this public key'}),
    ...writeFlags,
    ...showFlags,
  }

  override async run(): Promise<void> {
    const {args, flags} = await this.parse(KeysConvert)
    const {keysConvert} = await import('../../actions/keys.js')
    const io = processIo()
    this.exit(await keysConvert({file: args.file, publicKey: flags['public-key'], ...flags, env: io.env}, io))
  }
}
