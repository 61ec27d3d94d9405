import {captureArgs, captureFlags, drawingFlags, keyFlags, keyOptions, packetFlags} from './flags.js'
import {ToxtcpCommand} from './toxtcp-command.js'

export default class View extends ToxtcpCommand {
  static override summary = 'Look around in capture files, in the terminal.'
  static override description =
    'Shows a list of the packets, the fields of the chosen one, and its bytes. The first screen comes at once; ' +
    'reading goes on while you look. ? lists the keys, / types a filter, q ends.'
  static override examples = [
    {
      description: 'Look around in a capture, decrypted with a key log',
      command: '<%= config.bin %> view capture.pcap --keylog keys.log',
    },
  ]
  static override args = captureArgs
  static override flags = {
    read: captureFlags.read,
    port: captureFlags.port,
    filter: packetFlags.filter,
    time: packetFlags.time,
    peers: packetFlags.peers,
    ...drawingFlags,
    ...keyFlags,
  }

  override async run(): Promise<number> {
    const {args, flags} = await this.parse(View)
    const {view} = await import('../actions/view.js')
    const {io} = this
    const files = [...(flags.read ?? []), ...(args.file ?? [])]
    const {filter, time = 'r', ascii, color, peers} = flags
    const command = ['toxtcp', 'read', ...files]
    return view(
      {files, ports: flags.port ?? [], filter, time, ascii, color, peers, keys: keyOptions(flags, io.env), command},
      io,
    )
  }
}
