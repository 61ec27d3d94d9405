import * as Args from '@oclif/core/args'
import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {processIo} from '../actions/io.js'
import {packetFlags, packetOptions} from './flags.js'

export default class Read extends Command {
  static override summary = 'Read capture files, as tcpdump, dumpcap and Wireshark write them.'
  static override description =
    `pcap and pcapng, also gzip'd, also while they are being written (-: standard input). Tox connections are found on any port, also behind SOCKS5 and HTTP proxies.`
  static override examples = [
    {description: 'Every packet of a capture, opened with a key log', command: '<%= config.bin %> read capture.pcap --keylog keys.log'},
    {description: 'One connection as trees', command: '<%= config.bin %> read capture.pcap --keylog keys.log --connection 0 -V'},
  ]
  static override args = {files: Args.string({name: 'FILE', multiple: true, ignoreStdin: true, description: 'capture files; -: standard input'})}
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
    ...packetFlags,
  }

  override async run(): Promise<void> {
    const {args, flags} = await this.parse(Read)
    const {read} = await import('../actions/read.js')
    const io = processIo()
    this.exit(await read({files: args.files ?? [], ports: flags.port ?? [], connection: flags.connection, ...packetOptions(flags, io.env)}, io))
  }
}
