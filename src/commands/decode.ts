import * as Args from '@oclif/core/args'
import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {processIo} from '../terminal/io.js'
import {packetFlags, packetOptions} from './flags.js'

export default class Decode extends Command {
  static override summary = 'Decode a packet, frames, a handshake or a payload given as hex.'
  static override description =
    'Hex is taken in every form that people paste: plain, with 0x, commas or colons, as a C array, as xxd, hexdump -C and Wireshark print it. ' +
    'What the bytes are is guessed, and the other readings are named; --as settles it. Without HEX, standard input is read.'
  static override usage = 'decode [HEX...] [FLAGS]'
  static override examples = [
    {description: 'A ping, by its id and its eight bytes', command: '<%= config.bin %> decode 04 0000000000000001'},
    {description: 'Bytes that a relay sent', command: '<%= config.bin %> decode --from relay 0105'},
    {description: 'What rides in an OOB packet', command: '<%= config.bin %> decode --as payload 18 --json'},
    {
      description: 'Many items, one a line',
      command:
        "printf 'packet:0400000000000000ff\\npacket:0500000000000000ff\\n' | <%= config.bin %> decode --lines -T list",
    },
  ]
  static override args = {
    hex: Args.string({
      name: 'HEX',
      multiple: true,
      ignoreStdin: true,
      description: 'words of hex, which are joined; -: standard input',
    }),
  }
  static override flags = {
    file: Flags.string({char: 'f', helpValue: 'FILE', description: 'read the hex from a file'}),
    as: Flags.string({
      helpValue: 'WORD',
      description: 'what the bytes are: packet, payload, frames, ip_port, node, or the name of a type',
    }),
    from: Flags.option({
      options: ['client', 'relay'] as const,
      helpValue: 'SENDER',
      description: 'who sent the bytes: client or relay',
    })(),
    lines: Flags.boolean({description: 'each line is an item of its own, which may begin with NAME: as its own --as'}),
    nonce: Flags.string({helpValue: 'HEX', description: 'with --shared-key: the nonce of the first frame, 48 digits'}),
    'shared-key': Flags.string({
      helpValue: 'HEX',
      description: 'with --nonce: the key that seals the frames, 64 digits',
    }),
    ...packetFlags,
  }

  override async run(): Promise<void> {
    const {args, flags} = await this.parse(Decode)
    const {decode} = await import('../actions/decode.js')
    const io = processIo()
    const {file, as, from, lines, nonce} = flags
    this.exit(
      await decode(
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
      ),
    )
  }
}
