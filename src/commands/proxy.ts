import * as Flags from '@oclif/core/flags'
import {optionBounds} from '../library/option-bounds.js'
import {packetFlags, packetOptions} from './flags/flags.js'
import {integer, repeatable, withoutBareListen} from './flags/kinds.js'
import {givenLabels, labelFlags} from './flags/labels.js'
import {keyLogFlag, listenFlag, recording, recordingFlags, scriptFlag} from './flags/serving.js'
import {ToxtcpCommand} from './program/toxtcp-command.js'

const intercepting = {helpGroup: 'INTERCEPTING'} as const
const faults = {helpGroup: 'FAULT'} as const

export default class ProxyCommand extends ToxtcpCommand {
  static override summary = 'Sit between clients and relays: forward, show and record their packets.'
  static override description =
    'With --upstream, forwards to one relay; without it, works as a SOCKS5 and HTTP proxy, to be set in the ' +
    'settings of a client, and as a relay for clients that begin with a Tox handshake. ' +
    'Bytes are forwarded first and inspected afterwards. With the long-term secret key of the relay (--relay-key) ' +
    'or of the client (--client-key, together with --relay-pk), connections are intercepted: every packet is ' +
    'decrypted, and --script may change it. Ctrl-C ends the proxy.'
  static override examples = [
    {
      description: 'Watch a client that connects to port 33446 instead of to its relay',
      command: '<%= config.bin %> proxy --listen 33446 --upstream relay.example:33445',
    },
    {
      description: 'Decrypt every packet, and record',
      command:
        '<%= config.bin %> proxy --listen 33446 --upstream 127.0.0.1:33445 --relay-key tox-bootstrapd.keys -w ' +
        'session.pcapng',
    },
    {
      description: 'Work as a SOCKS5 and HTTP proxy, on 127.0.0.1:33446 or the next free port',
      command: '<%= config.bin %> proxy --listen',
    },
    {description: 'The same on another port', command: '<%= config.bin %> proxy --listen 1080'},
  ]
  static override flags = {
    listen: listenFlag(33446),
    upstream: Flags.string({
      helpValue: 'HOST:PORT',
      description: 'the relay to forward every connection to; `embedded`: a relay inside toxtcp (see toxtcp relay)',
    }),
    allow: Flags.string({
      ...repeatable,
      helpValue: '[HOST:]PORT',
      description:
        'destination that SOCKS5 and HTTP clients may name, with * for any host or port; repeatable (default: the ' +
        'ports of Tox relays, and this machine for its own clients)',
    }),
    auth: Flags.string({
      helpValue: 'USER:FILE',
      description: 'user name that SOCKS5 and HTTP clients must give, and the file (mode 0600) with the password',
    }),
    'max-connections': integer({
      ...optionBounds.maxConnections,
      helpValue: 'N',
      description: 'maximum number of connections at once (default 500)',
    }),
    'handshake-timeout': Flags.string({
      helpValue: 'TIME',
      description: 'time limit for a connection to be established (default 30s, 0: none)',
    }),
    'idle-timeout': Flags.string({
      helpValue: 'TIME',
      description: 'close a connection after this long without data (default 10min, 0: never)',
    }),
    status: Flags.boolean({
      description: 'on a terminal, show a line at the bottom: connections, packets and bytes per second, findings',
    }),
    'relay-key': Flags.string({
      ...repeatable,
      ...intercepting,
      helpValue: 'FILE',
      description: 'relay secret key to intercept with; repeatable, all are tried',
    }),
    'client-key': Flags.string({
      ...repeatable,
      ...intercepting,
      helpValue: 'FILE',
      description: 'client secret key to intercept with, together with --relay-pk; repeatable',
    }),
    script: scriptFlag(intercepting),
    ...recordingFlags,
    rotate: Flags.string({
      ...recording,
      helpValue: 'SIZE|TIME',
      description: 'start a new file at this size (100M) or age (1h)',
    }),
    keep: integer({
      ...optionBounds.keep,
      ...recording,
      helpValue: 'N',
      description: 'with --rotate: keep only the newest N files',
    }),
    'write-keylog': keyLogFlag,
    latency: Flags.string({
      ...faults,
      helpValue: 'TIME',
      description: 'delay all data by TIME (default unit ms)',
    }),
    jitter: Flags.string({...faults, helpValue: 'TIME', description: 'vary the delay by up to TIME more or less'}),
    rate: Flags.string({...faults, helpValue: 'SIZE', description: 'limit each direction to SIZE bytes per second'}),
    split: integer({
      ...optionBounds.split,
      ...faults,
      helpValue: 'N',
      description: 'split data into segments of at most N bytes',
    }),
    'close-after': Flags.string({
      ...faults,
      helpValue: 'SIZE|TIME',
      description: 'close each connection after this many bytes or this long',
    }),
    seed: integer({...faults, helpValue: 'N', description: 'random seed for --jitter (default 0)'}),
    view: Flags.boolean({
      exclusive: ['format', 'tree', 'hex', 'json', 'field', 'bytes', 'count', 'fail-on', 'status'],
      description: 'look around in the records as they come, instead of printing them; ? lists the keys',
    }),
    last: integer({
      min: 1,
      dependsOn: ['view'],
      helpValue: 'N',
      description: 'with --view: keep only the latest N records',
    }),
    ...labelFlags,
    ...packetFlags,
  }

  override async run(): Promise<number> {
    const {flags} = await this.parse(ProxyCommand, withoutBareListen(this.argv))
    const {io} = this
    const {upstream, allow, auth, status, script, write, force, rotate, keep, latency, jitter, rate, split, seed} =
      flags
    const own = {
      listen: flags.listen ?? [],
      upstream,
      embedded: upstream === undefined ? {} : undefined,
      allow,
      auth,
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
    const {print, ...shared} = packetOptions(flags, io.env)
    const options = {...own, ...shared, print: {...print, labels: await givenLabels(flags)}}
    if (flags.view) {
      const {proxyView} = await import('../actions/view/proxy-view.js')
      return proxyView({...options, last: flags.last}, io)
    }
    const {proxy} = await import('../actions/proxy.js')
    return proxy(options, io)
  }
}
