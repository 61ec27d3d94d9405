import * as Args from '@oclif/core/args'
import {Command} from '@oclif/core/command'
import {processIo} from '../../terminal/io.js'
import {showFlags} from './flags.js'

export default class KeysShow extends Command {
  static override summary = 'Show the public keys and sessions in key files.'
  static override description =
    'The kind of each file is found out: a 64-byte key file, a .tox save, a key log, secret keys in hex. Secret keys are not shown. ' +
    'The environment variable TOXTCP_PASSPHRASE opens an encrypted save.'
  static override examples = [
    '<%= config.bin %> keys show tox-bootstrapd.keys',
    '<%= config.bin %> keys show sessions.keylog --json',
  ]
  static override args = {
    files: Args.string({name: 'FILE', multiple: true, ignoreStdin: true, description: 'key files of any kind'}),
  }
  static override flags = showFlags

  override async run(): Promise<void> {
    const {args, flags} = await this.parse(KeysShow)
    const {keysShow} = await import('../../actions/keys-show.js')
    const io = processIo()
    this.exit(await keysShow({files: args.files ?? [], ...flags, env: io.env}, io))
  }
}
