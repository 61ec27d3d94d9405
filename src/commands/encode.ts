import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {senders} from './flags/flags.js'
import {ToxtcpCommand} from './program/toxtcp-command.js'

export default class Encode extends ToxtcpCommand {
  static override summary = 'Turn records, as printed by --json, back into hex, one per line.'
  static override description =
    'Uses the plaintext of a record if it has one (--bytes), else builds it from the type, the fields and the ' +
    'inner packet. With --seal, a box that is open is sealed with the key given for it. ' +
    'Without FILE, reads standard input.'
  static override usage = 'encode [FILE...] [FLAGS]'
  static override examples = [
    {
      description: 'A packet from its fields',
      command: `echo '{"type":"ping_request","fields":{"ping_id":"0000000000000001"}}' | <%= config.bin %> encode`,
    },
    {
      description: 'A frame, sealed with a key and its nonce',
      command:
        '<%= config.bin %> decode 04 0000000000000001 --json | <%= config.bin %> encode --seal ' +
        `--shared-key ${'04'.repeat(32)} --nonce ${'02'.repeat(24)}`,
    },
    {
      description: 'A packet decoded and encoded again',
      command: '<%= config.bin %> decode 04 0000000000000001 --json | <%= config.bin %> encode',
    },
  ]
  static override args = {
    file: Args.string({
      name: 'FILE',
      multiple: true,
      ignoreStdin: true,
      description: 'files of records, one per line; use - for standard input',
    }),
  }
  static override flags = {
    from: Flags.option({
      options: senders,
      helpValue: 'SENDER',
      description: 'encode only what this side sent: client or relay',
    })(),
    seal: Flags.boolean({description: 'encrypt, and print whole frames and handshakes'}),
    'shared-key': Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'HEX',
      description:
        'with --seal: the key to encrypt with, 64 hex digits; once for the frame, then for each open box inside it',
    }),
    nonce: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'HEX',
      description: 'with --seal: the nonce of the first frame, or of a box whose packet names none; 48 hex digits',
    }),
  }

  override async run(): Promise<number> {
    const {args, flags} = await this.parse(Encode)
    const {encode} = await import('../actions/encode.js')
    const {from, seal, nonce: nonces} = flags
    return encode({files: args.file ?? [], from, seal, nonces, sharedKeys: flags['shared-key']}, this.io)
  }
}
