import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {packetFlags, packetOptions, senders} from './flags/flags.js'
import {ToxtcpCommand} from './program/toxtcp-command.js'

export default class Decode extends ToxtcpCommand {
  static override summary = 'Decode a packet, frames, a handshake or a payload given as hex.'
  static override description =
    'Accepts bytes in any common form: hex, arrays and strings of most languages, JSON, base64, log lines, and what ' +
    'xxd, hexdump, tcpdump -X and tshark -x print. ' +
    'toxtcp guesses what the bytes are and names other possibilities; --as decides it. Without HEX, reads ' +
    'standard input. The last line has what each receiver does about them.'
  static override usage = 'decode [HEX...] [FLAGS]'
  static override examples = [
    {
      description: 'A ping: its packet id and eight bytes of ping id',
      command: '<%= config.bin %> decode 04 0000000000000001',
    },
    {description: 'Bytes that a relay sent', command: '<%= config.bin %> decode --from relay 0105'},
    {description: 'The payload of an OOB packet', command: '<%= config.bin %> decode --as payload 18 --json'},
    {
      description: 'Several items, one per line',
      command:
        "printf 'packet:0400000000000000ff\\npacket:0500000000000000ff\\n' | <%= config.bin %> decode --lines -T list",
    },
  ]
  static override args = {
    hex: Args.string({
      name: 'HEX',
      multiple: true,
      ignoreStdin: true,
      description: 'hex, in one or more words; use - for standard input',
    }),
  }
  static override flags = {
    file: Flags.string({char: 'f', helpValue: 'FILE', description: 'read the hex from a file'}),
    as: Flags.string({
      helpValue: 'WORD',
      description: 'what the bytes are: packet, payload, frames, ip_port, node or the name of a type',
    }),
    from: Flags.option({
      options: senders,
      helpValue: 'SENDER',
      description: 'who sent the bytes: client or relay',
    })(),
    lines: Flags.boolean({description: 'decode each line on its own; NAME: at its beginning works as --as NAME'}),
    nonce: Flags.string({
      helpValue: 'HEX',
      description: 'with --shared-key: the nonce of the first frame, 48 hex digits',
    }),
    'shared-key': Flags.string({
      helpValue: 'HEX',
      description: 'with --nonce: the key that decrypts the frames, 64 hex digits',
    }),
    ...packetFlags,
  }

  override async run(): Promise<number> {
    const {args, flags} = await this.parse(Decode)
    const {decode} = await import('../actions/decode.js')
    const {io} = this
    const {file, as, from, lines, nonce} = flags
    return decode(
      {
        hex: args.hex ?? [],
        file,
        as,
        from,
        lines,
        nonce,
        sharedKey: flags['shared-key'],
        ...packetOptions(flags, io.env),
      },
      io,
    )
  }
}
