import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {captureFlags, drawingFlags, keyFlags, keyOptions, pagerFlag} from './flags/flags.js'
import {ToxtcpCommand} from './program/toxtcp-command.js'

export default class Diff extends ToxtcpCommand {
  static override summary = 'Compare two captures, or two connections, by what is said in them.'
  static override description =
    'Aligns each side of each connection with its counterpart by the packets, not by their times, and prints in the ' +
    'unified form of diff what only one has and what differs. Keys, nonces and ids count as the same if one always ' +
    'takes the place of the other. Exit status: 0 nothing differs, 1 something does.'
  static override usage = ['diff A B [FLAGS]', 'diff CAPTURE --connection N,M [FLAGS]']
  static override examples = [
    {
      description: 'Two connections of one capture',
      command: '<%= config.bin %> diff dropped.pcap --keylog dropped.keylog --connection 5,6 || true',
    },
    {
      description: 'Two captures, for programs',
      command: '<%= config.bin %> diff capture.pcap dropped.pcap --json || true',
    },
  ]
  static override args = {
    file: Args.string({name: 'FILE', multiple: true, ignoreStdin: true, description: 'two capture files, or one'}),
  }
  static override flags = {
    connection: Flags.string({
      helpValue: 'N,M',
      description: 'compare this connection of both captures, or N of the first with M of the second',
    }),
    port: captureFlags.port,
    json: Flags.boolean({description: 'print one JSON object'}),
    pager: pagerFlag,
    ...drawingFlags,
    ...keyFlags,
  }

  override async run(): Promise<number> {
    const {args, flags} = await this.parse(Diff)
    const {diff} = await import('../actions/diff.js')
    const {io} = this
    const {port: ports = [], connection: connections, pager, json, color} = flags
    return diff({files: args.file ?? [], ports, connections, pager, json, color, keys: keyOptions(flags, io.env)}, io)
  }
}
