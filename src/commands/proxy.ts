import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {processIo} from '../terminal/io.js'
import {packetFlags, packetOptions} from './flags.js'

const repeatable = {multiple: true, multipleNonGreedy: true} as const
const recording = {helpGroup: 'RECORDING'} as const
const intercepting = {helpGroup: 'INTERCEPTING'} as const
const faults = {helpGroup: 'FAULT'} as const

export default class ProxyCommand extends Command {
  static override summary = 'Stand between clients and relays: forward, show and record what passes.'
  static override description =
    `With --upstream, before one relay; without it, as a SOCKS5 and HTTP proxy, which a client is told to use in its own settings.
Bytes are forwarded first and looked at after. With a long-term secret key of the relay (--relay-key) or of the client (--client-key, and --relay-pk) connections are intercepted: every packet is opened, and --script may change it. Ctrl-C ends it.`
  static override examples = [
    {
      description: 'Watch a client that is pointed at port 33446 instead of its relay',
      command: '<%= config.bin %> proxy --listen 33446 --upstream relay.example:33445',
    },
    {
      description: 'Open every packet, and record',
      command:
        '<%= config.bin %> proxy --listen 33446 --upstream 127.0.0.1:33445 --relay-key tox-bootstrapd.keys -w session.pcapng',
    },
    {description: "Be a client's SOCKS5 proxy", command: '<%= config.bin %> proxy --listen 1080'},
  ]
  static override flags = {
    listen: Flags.string({
      ...repeatable,
      helpValue: '[HOST:]PORT',
      description: 'where to listen; port 0: any; no host: this machine only; repeatable',
    }),
    upstream: Flags.string({helpValue: 'HOST:PORT', description: 'the relay that every connection is passed on to'}),
    'max-connections': Flags.integer({min: 1, helpValue: 'N', description: 'connections at once; 500 if not given'}),
    'handshake-timeout': Flags.string({
      helpValue: 'TIME',
      description: 'until a connection has come about; 30s if not given, 0: no limit',
    }),
    'idle-timeout': Flags.string({
      helpValue: 'TIME',
      description: 'without a byte until a connection is ended; 10min if not given, 0: never',
    }),
    status: Flags.boolean({
      description: 'at a terminal, a line at the bottom: connections, packets and bytes a second, findings',
    }),
    'relay-key': Flags.string({
      ...repeatable,
      ...intercepting,
      helpValue: 'FILE',
      description: 'intercept with the secret key of a relay; repeatable, which one opens is tried',
    }),
    'client-key': Flags.string({
      ...repeatable,
      ...intercepting,
      helpValue: 'FILE',
      description: 'intercept with the secret key of a client, and --relay-pk; repeatable',
    }),
    script: Flags.string({
      ...intercepting,
      helpValue: 'FILE.mjs',
      description: 'a module whose onPacket(packet, session) may change, drop, delay or add packets',
    }),
    write: Flags.string({
      char: 'w',
      ...recording,
      helpValue: 'FILE',
      description: 'record what passes as pcapng, session keys included',
    }),
    force: Flags.boolean({...recording, description: 'replace a recording that exists'}),
    'embed-keys': Flags.boolean({
      default: true,
      allowNo: true,
      ...recording,
      description: 'put session keys into the recording; --no-embed-keys leaves them out',
    }),
    rotate: Flags.string({
      ...recording,
      helpValue: 'SIZE|TIME',
      description: 'go on in a new file after so much, as 100M, or so long, as 1h',
    }),
    keep: Flags.integer({min: 1, ...recording, helpValue: 'N', description: 'with --rotate: the newest N files stay'}),
    'write-keylog': Flags.string({
      ...recording,
      helpValue: 'FILE',
      description: 'append the session keys to a key log, which opens any capture of the same traffic',
    }),
    latency: Flags.string({
      ...faults,
      helpValue: 'TIME',
      description: 'bytes are so late, in milliseconds if there is no unit',
    }),
    jitter: Flags.string({...faults, helpValue: 'TIME', description: 'and up to so much more or less'}),
    rate: Flags.string({...faults, helpValue: 'SIZE', description: 'bytes a second in each direction'}),
    split: Flags.integer({min: 1, ...faults, helpValue: 'N', description: 'segments of at most N bytes'}),
    'close-after': Flags.string({
      ...faults,
      helpValue: 'SIZE|TIME',
      description: 'end each connection after so many bytes, or so long',
    }),
    seed: Flags.integer({...faults, helpValue: 'N', description: 'what the jitter is drawn from; 0 if not given'}),
    ...packetFlags,
  }

  override async run(): Promise<void> {
    const {flags} = await this.parse(ProxyCommand)
    const {proxy} = await import('../actions/proxy.js')
    const io = processIo()
    const {upstream, status, script, write, force, rotate, keep, latency, jitter, rate, split, seed} = flags
    const own = {
      listen: flags.listen ?? [],
      upstream,
      maxConnections: flags['max-connections'],
      handshakeTimeout: flags['handshake-timeout'],
      idleTimeout: flags['idle-timeout'],
      status,
      relayKey: flags['relay-key'] ?? [],
      clientKey: flags['client-key'] ?? [],
      script,
      write,
      force,
      embedsKeys: flags['embed-keys'],
      rotate,
      keep,
      writeKeylog: flags['write-keylog'],
      latency,
      jitter,
      rate,
      split,
      closeAfter: flags['close-after'],
      seed,
      ownsProcess: true,
    }
    this.exit(await proxy({...own, ...packetOptions(flags, io.env)}, io))
  }
}
