import * as Flags from '@oclif/core/flags'
import {captureArgs, captureFlags, drawingFlags, keyFlags, keyOptions, packetFlags, pagerFlag} from './flags/flags.js'
import {givenLabels, labelFlags} from './flags/labels.js'
import {ToxtcpCommand} from './program/toxtcp-command.js'

export default class Why extends ToxtcpCommand {
  static override summary = 'Show why connections ended: who closed, when, and the likeliest causes.'
  static override description =
    'For each end of a connection: which side closed it, the packets that may be the cause, what c-toxcore and ' +
    'tox-rs do about them, and the five records before it. Reads the same files as toxtcp read.'
  static override usage = 'why [FILE...] [FLAGS]'
  static override examples = [
    {
      description: 'Why a client was dropped',
      command: '<%= config.bin %> why dropped.pcap --keylog dropped.keylog --connection 11',
    },
    {description: 'The same for programs', command: '<%= config.bin %> why capture.pcap --keylog keys.log --json'},
  ]
  static override args = captureArgs
  static override flags = {
    ...captureFlags,
    json: Flags.boolean({description: 'print one JSON object'}),
    peers: packetFlags.peers,
    pager: pagerFlag,
    ...labelFlags,
    ...drawingFlags,
    ...keyFlags,
  }

  override async run(): Promise<number> {
    const {args, flags} = await this.parse(Why)
    const {why} = await import('../actions/why.js')
    const {io} = this
    const {port: ports = [], connection: connections, peers, threads, pager, json, color} = flags
    const files = [...(flags.read ?? []), ...(args.file ?? [])]
    const keys = keyOptions(flags, io.env)
    const labels = await givenLabels(flags)
    return why({files, ports, connections, peers, threads, pager, json, color, labels, keys}, io)
  }
}
