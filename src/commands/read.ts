import * as Flags from '@oclif/core/flags'
import {captureArgs, captureFlags, packetOptions, pagerFlag, readPacketFlags, shardFlag} from './flags/flags.js'
import {integer} from './flags/kinds.js'
import {givenLabels, labelFlags} from './flags/labels.js'
import {viewOptions} from './flags/view.js'
import {ToxtcpCommand} from './program/toxtcp-command.js'

export default class Read extends ToxtcpCommand {
  static override summary = 'Read capture files written by tcpdump, dumpcap or Wireshark.'
  static override description =
    'Reads pcap and pcapng, also compressed with gzip (with zstd, lz4, xz or bzip2 by their programs), and standard ' +
    'input (-) while it is being written. Finds Tox connections on any port, also through SOCKS5 and HTTP proxies.'
  static override usage = 'read [FILE...] [FLAGS]'
  static override examples = [
    {
      description: 'Every packet of a capture, decrypted with a key log',
      command: '<%= config.bin %> read capture.pcap --keylog keys.log',
    },
    {
      description: 'One connection, as trees',
      command: '<%= config.bin %> read capture.pcap --keylog keys.log --connection 0 -V',
    },
  ]
  static override args = captureArgs
  static override flags = {
    port: captureFlags.port,
    read: captureFlags.read,
    connection: captureFlags.connection,
    shard: shardFlag,
    numbers: Flags.string({
      char: 'n',
      helpValue: 'N,...',
      description: 'print only the records of these numbers: 716, or 700-720, or 900-',
    }),
    follow: integer({
      min: 0,
      helpValue: 'N',
      exclusive: ['connection'],
      description: 'read only this connection, printed as a dialogue',
    }),
    conversation: Flags.boolean({
      exclusive: ['format', 'tree', 'json', 'follow', 'write', 'columns'],
      description: 'print what peers say to each other; the same as -T conversation',
    }),
    ...labelFlags,
    'export-files': Flags.string({
      exclusive: ['write'],
      helpValue: 'DIR',
      description: 'write the complete files that peers sent each other into this folder',
    }),
    columns: Flags.string({
      helpValue: 'NAME,...',
      description: 'columns of the list: names of columns, or of fields as in filters',
    }),
    write: Flags.string({
      char: 'w',
      helpValue: 'FILE',
      description:
        'write matching packets to this pcapng file instead of printing them, or with -T parquet the records; ' +
        '- for a pipe',
    }),
    'split-size': Flags.string({
      dependsOn: ['write'],
      helpValue: 'SIZE',
      description: 'with -T parquet: begin a new file once one has this size (500M): FILE_00001.parquet and so on',
    }),
    'embed-keys': Flags.boolean({
      dependsOn: ['write'],
      description: 'put the keys of sessions and boxes that opened into the file, never a secret key',
    }),
    force: Flags.boolean({dependsOn: ['write'], description: 'replace an existing file'}),
    view: Flags.boolean({
      exclusive: ['write', 'export-files', 'format', 'tree', 'json', 'follow', 'conversation', 'columns'],
      description: 'look around in the view instead of printing, as toxtcp view does',
    }),
    threads: captureFlags.threads,
    pager: pagerFlag,
    ...readPacketFlags,
  }

  override async run(): Promise<number> {
    const {args, flags} = await this.parse(Read)
    const {io} = this
    if (flags.view) {
      const {view} = await import('../actions/view/view.js')
      return view(await viewOptions(flags, args.file ?? [], io.env), io)
    }
    const {read} = await import('../actions/read.js')
    const {connection, shard, numbers, follow, write, force, pager, threads, format, tree, json} = flags
    const {formatAskedFor} = await import('../terminal/options/print-options.js')
    const isParquet = formatAskedFor({format, tree, json})?.name === 'parquet'
    const own = {
      files: [...(flags.read ?? []), ...(args.file ?? [])],
      ports: flags.port ?? [],
      connections: connection,
      shard,
      numbers,
      follow,
      write,
      exportFiles: flags['export-files'],
      isParquet,
      splitSize: flags['split-size'],
      embedKeys: flags['embed-keys'],
      force,
      pager,
      threads,
    }
    const {print, ...options} = packetOptions({...flags, format: format === 'parquet' ? undefined : format}, io.env)
    const columns = flags.columns?.split(',')
    const labels = await givenLabels(flags)
    const named = flags.conversation ? 'conversation' : print.format
    const drawn = {...print, format: named, labels, columns, isDialogue: follow !== undefined}
    return read({...own, ...options, print: drawn}, io)
  }
}
