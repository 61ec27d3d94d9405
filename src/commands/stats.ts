import * as Args from '@oclif/core/args'
import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {processIo} from '../terminal/io.js'
import {drawingFlags, keyFlags, keyOptions, packetFlags} from './flags.js'

export default class Stats extends Command {
  static override summary = 'Count what is in capture files: tables and plots.'
  static override description =
    'Throughput, packets by type, connections and how they ended, routes, ping times, findings. Reads what `read` reads, several files as one.'
  static override examples = [
    {
      description: 'All about a capture, opened with a key log',
      command: '<%= config.bin %> stats capture.pcap --keylog keys.log',
    },
    {
      description: 'Of one kind of packets only',
      command: "<%= config.bin %> stats capture.pcap --keylog keys.log -Y 'type == data'",
    },
  ]
  static override args = {
    files: Args.string({
      name: 'FILE',
      multiple: true,
      ignoreStdin: true,
      description: 'capture files; -: standard input',
    }),
  }
  static override flags = {
    port: Flags.integer({
      multiple: true,
      multipleNonGreedy: true,
      min: 1,
      max: 65_535,
      helpValue: 'PORT',
      description: 'connections from or to this port are Tox, whatever they look like; repeatable',
    }),
    threads: Flags.integer({
      min: 0,
      max: 64,
      helpValue: 'N',
      description: 'open frames on so many threads besides the main one; otherwise as many as pay',
    }),
    filter: Flags.string({
      char: 'Y',
      helpValue: 'EXPR',
      description: 'count only what this matches, as in: type == oob_send && length > 100',
    }),
    json: Flags.boolean({description: 'print one JSON object'}),
    ...drawingFlags,
    'fail-on': packetFlags['fail-on'],
    ...keyFlags,
  }

  override async run(): Promise<void> {
    const {args, flags} = await this.parse(Stats)
    const {stats} = await import('../actions/stats.js')
    const io = processIo()
    const {port: ports = [], threads, filter, json, ascii, color} = flags
    const keys = keyOptions(flags, io.env)
    this.exit(
      await stats(
        {files: args.files ?? [], ports, threads, filter, failOn: flags['fail-on'], json, ascii, color, keys},
        io,
      ),
    )
  }
}
