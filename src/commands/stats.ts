import * as Flags from '@oclif/core/flags'
import {statisticsPartNames} from '../view/stats/parts.js'
import {
  captureArgs,
  captureFlags,
  drawingFlags,
  keyFlags,
  keyOptions,
  packetFlags,
  pagerFlag,
  shardFlag,
} from './flags/flags.js'
import {repeatable} from './flags/kinds.js'
import {givenLabels, labelFlags} from './flags/labels.js'
import {ToxtcpCommand} from './program/toxtcp-command.js'

export default class Stats extends ToxtcpCommand {
  static override summary = 'Print statistics of capture files as tables and plots.'
  static override description =
    'Shows throughput, packets by type, also of those inside opened boxes, connections and how they ended, routes, ' +
    'ping times, net_crypto sessions, the onion and findings. Reads the same files as toxtcp read; several files ' +
    'count as one.'
  static override usage = 'stats [FILE...] [FLAGS]'
  static override examples = [
    {
      description: 'All statistics of a capture, decrypted with a key log',
      command: '<%= config.bin %> stats capture.pcap --keylog keys.log',
    },
    {
      description: 'One part of them',
      command: '<%= config.bin %> stats capture.pcap --keylog keys.log --only types',
    },
    {
      description: 'Packets of one type only',
      command: "<%= config.bin %> stats capture.pcap --keylog keys.log -Y 'type == data'",
    },
  ]
  static override args = captureArgs
  static override flags = {
    ...captureFlags,
    shard: shardFlag,
    filter: Flags.string({
      char: 'Y',
      helpValue: 'EXPR',
      description: 'count only records that match, as in: type == oob_send && length > 100',
    }),
    only: Flags.option({
      ...repeatable,
      options: statisticsPartNames,
      helpValue: 'NAME',
      description: `print only this part; repeatable: ${statisticsPartNames.join(', ')}`,
    })(),
    json: Flags.boolean({description: 'print one JSON object'}),
    pager: pagerFlag,
    ...labelFlags,
    ...drawingFlags,
    'fail-on': packetFlags['fail-on'],
    peers: packetFlags.peers,
    ...keyFlags,
  }

  override async run(): Promise<number> {
    const {args, flags} = await this.parse(Stats)
    const {stats} = await import('../actions/stats.js')
    const {io} = this
    const {port: ports = [], threads, filter, peers, only = [], pager, json, color} = flags
    const keys = keyOptions(flags, io.env)
    const labels = await givenLabels(flags)
    return stats(
      {
        files: [...(flags.read ?? []), ...(args.file ?? [])],
        connections: flags.connection,
        shard: flags.shard,
        ...{ports, threads, filter, peers, failOn: flags['fail-on'], only, pager, json, color, labels, keys},
      },
      io,
    )
  }
}
