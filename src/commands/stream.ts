import * as Args from '@oclif/core/args'
import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {processIo} from '../terminal/io.js'
import {packetFlags, packetOptions} from './flags.js'

export default class Stream extends Command {
  static override summary = 'Read one connection that was extracted from a capture.'
  static override description =
    'A dump of both sides, as tshark -z follow,tcp,yaml (or raw, hex), Wireshark\'s "Follow Stream" and tcpflow save it, or the bytes of each side in a file of its own. ' +
    'Such halves say nothing of the order between the sides: it is inferred, from cause and effect.'
  static override usage = ['stream DUMP [FLAGS]', 'stream --client FILE --relay FILE [FLAGS]']
  static override examples = [
    {
      description: 'Two raw halves',
      command: '<%= config.bin %> stream --client client.bin --relay relay.bin --keylog sessions.keylog',
    },
    {
      description: 'A dump of both sides, as trees',
      command: '<%= config.bin %> stream follow.yaml --keylog sessions.keylog -V',
    },
  ]
  static override args = {
    files: Args.string({
      name: 'FILE',
      multiple: true,
      ignoreStdin: true,
      description: 'one dump, or two raw halves; -: standard input',
    }),
  }
  static override flags = {
    client: Flags.string({helpValue: 'FILE', description: 'what the client sent, raw or as hex'}),
    relay: Flags.string({helpValue: 'FILE', description: 'what the relay sent, raw or as hex'}),
    swap: Flags.boolean({default: false, description: 'the other end is the client: the guess was wrong'}),
    ...packetFlags,
  }

  override async run(): Promise<void> {
    const {args, flags} = await this.parse(Stream)
    const {stream} = await import('../actions/stream.js')
    const io = processIo()
    const {client, relay, swap} = flags
    this.exit(await stream({files: args.files ?? [], client, relay, swap, ...packetOptions(flags, io.env)}, io))
  }
}
