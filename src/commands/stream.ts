import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {packetFlags, packetOptions} from './flags/flags.js'
import {givenLabels, labelFlags} from './flags/labels.js'
import {ToxtcpCommand} from './program/toxtcp-command.js'

export default class Stream extends ToxtcpCommand {
  static override summary = 'Read one connection extracted from a capture.'
  static override description =
    'Reads a dump of both sides, as saved by tshark -z follow,tcp,yaml (or raw, hex), Wireshark\'s "Follow ' +
    'Stream" and tcpflow, or one file for each side. ' +
    'Two separate files do not contain the order between the sides: it is inferred from cause and effect.'
  static override usage = ['stream DUMP [FLAGS]', 'stream --client FILE --relay FILE [FLAGS]']
  static override examples = [
    {
      description: 'Each side in a raw file',
      command: '<%= config.bin %> stream --client client.bin --relay relay.bin --keylog sessions.keylog',
    },
    {
      description: 'A dump of both sides, as trees',
      command: '<%= config.bin %> stream follow.yaml --keylog sessions.keylog -V',
    },
  ]
  static override args = {
    file: Args.string({
      name: 'FILE',
      multiple: true,
      ignoreStdin: true,
      description: 'one dump, or a raw file for each side; use - for standard input',
    }),
  }
  static override flags = {
    client: Flags.string({helpValue: 'FILE', description: 'bytes sent by the client, raw or as hex'}),
    relay: Flags.string({helpValue: 'FILE', description: 'bytes sent by the relay, raw or as hex'}),
    swap: Flags.boolean({default: false, description: 'swap client and relay'}),
    ...labelFlags,
    ...packetFlags,
  }

  override async run(): Promise<number> {
    const {args, flags} = await this.parse(Stream)
    const {stream} = await import('../actions/stream.js')
    const {io} = this
    const {client, relay, swap} = flags
    const {print, ...shared} = packetOptions(flags, io.env)
    const labelled = {...print, labels: await givenLabels(flags)}
    return stream({files: args.file ?? [], client, relay, swap, ...shared, print: labelled}, io)
  }
}
