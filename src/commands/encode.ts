import * as Args from '@oclif/core/args'
import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {processIo} from '../terminal/io.js'

export default class Encode extends Command {
  static override summary = 'Turn records, as --json prints them, back into hex, one a line.'
  static override description =
    'The plaintext of a record is taken where it is given (--bytes), else it is built from the type, the fields and what is inside. ' +
    'Without FILE, standard input is read.'
  static override usage = 'encode [FILE...] [FLAGS]'
  static override examples = [
    {
      description: 'A packet from its fields',
      command: `echo '{"type":"ping_request","fields":{"ping_id":"0000000000000001"}}' | <%= config.bin %> encode`,
    },
    {
      description: 'There and back again',
      command: '<%= config.bin %> decode 04 0000000000000001 --json | <%= config.bin %> encode',
    },
  ]
  static override args = {
    files: Args.string({
      name: 'FILE',
      multiple: true,
      ignoreStdin: true,
      description: 'records, one a line; -: standard input',
    }),
  }
  static override flags = {
    from: Flags.option({
      options: ['client', 'relay'] as const,
      helpValue: 'SENDER',
      description: 'only what this side sent: client or relay',
    })(),
    seal: Flags.boolean({description: 'whole frames and handshakes, sealed'}),
    'shared-key': Flags.string({helpValue: 'HEX', description: 'with --seal: the key that seals, 64 digits'}),
    nonce: Flags.string({helpValue: 'HEX', description: 'with --seal: the nonce of the first frame, 48 digits'}),
  }

  override async run(): Promise<void> {
    const {args, flags} = await this.parse(Encode)
    const {encode} = await import('../actions/encode.js')
    const {from, seal, nonce} = flags
    this.exit(await encode({files: args.files ?? [], from, seal, nonce, sharedKey: flags['shared-key']}, processIo()))
  }
}
