import * as Args from '@oclif/core/args'
import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {processIo} from '../terminal/io.js'
import {packetFlags, packetOptions} from './flags.js'

export default class Read extends Command {
  static override summary = 'Read capture files, as tcpdump, dumpcap and Wireshark write them.'
  static override description =
    `pcap and pcapng, also gzip'd, also while they are being written (-: standard input). Tox connections are found on any port, also behind SOCKS5 and HTTP proxies.`
  static override examples = [
    {
      description: 'Every packet of a capture, opened with a key log',
      command: '<%= config.bin %> read capture.pcap --keylog keys.log',
    },
    {
      description: 'One connection as trees',
      command: '<%= config.bin %> read capture.pcap --keylog keys.log --connection 0 -V',
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
    connection: Flags.integer({min: 0, helpValue: 'N', description: 'only this connection'}),
    follow: Flags.integer({
      min: 0,
      helpValue: 'N',
      exclusive: ['connection'],
      description: 'only this connection, as a dialogue',
    }),
    columns: Flags.string({
      helpValue: 'NAME,...',
      description: 'the columns of the list: names of columns, or of fields as in filters',
    }),
    write: Flags.string({
      char: 'w',
      helpValue: 'FILE',
      description: 'write the packets that match to this pcapng file instead of printing',
    }),
    'embed-keys': Flags.boolean({
      dependsOn: ['write'],
      description: 'put the session keys of their connections into that file',
    }),
    force: Flags.boolean({dependsOn: ['write'], description: 'replace a file that is there'}),
    threads: Flags.integer({
      min: 0,
      max: 64,
      helpValue: 'N',
      description: 'open frames on so many threads besides the main one; otherwise as many as pay',
    }),
    pager: Flags.boolean({
      default: true,
      allowNo: true,
      description: 'at a terminal, show what is longer than the screen by PAGER',
    }),
    ...packetFlags,
  }

  override async run(): Promise<void> {
    const {args, flags} = await this.parse(Read)
    const {read} = await import('../actions/read.js')
    const io = processIo()
    const {connection, follow, write, force, pager, threads} = flags
    const own = {
      files: args.files ?? [],
      ports: flags.port ?? [],
      connection,
      follow,
      columns: flags.columns?.split(','),
      write,
      embedKeys: flags['embed-keys'],
      force,
      pager,
      threads,
    }
    this.exit(await read({...own, ...packetOptions(flags, io.env)}, io))
  }
}
