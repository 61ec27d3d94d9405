import * as Flags from '@oclif/core/flags'
import {optionBounds} from '../library/option-bounds.js'
import {relayModels} from '../peer/relay/models.js'
import {provocationNames, provocations} from '../peer/relay/provocations.js'
import {packetFlags, packetOptions} from './flags/flags.js'
import {integer, withoutBareListen} from './flags/kinds.js'
import {keyLogFlag, listenFlag, recordingFlags, scriptFlag} from './flags/serving.js'
import {ToxtcpCommand} from './program/toxtcp-command.js'

const limits = {helpGroup: 'LIMIT'} as const
const provoking = {helpGroup: 'PROVOKING'} as const

const {key: _fileOfAnyKind, ...printing} = packetFlags

/** A flag for each wrong behaviour. */
const provocationFlags = Object.fromEntries(
  provocationNames.map(name => [name, Flags.boolean({...provoking, description: provocations[name]})]),
)

export default class RelayCommand extends ToxtcpCommand {
  static override summary = 'Be a Tox TCP relay, and show every packet that its clients send and get.'
  static override description =
    'Serves clients that add its address and public key as a relay (tox_add_tcp_relay). It answers as c-toxcore ' +
    'does, or as tox-rs with --like tox-rs, also to what breaks the protocol. PROVOKING flags make it misbehave, to ' +
    'see what a client does. Ctrl-C ends the relay.'
  static override examples = [
    {
      description: 'Serve clients of this machine on port 33445, or the next free one',
      command: '<%= config.bin %> relay',
    },
    {
      description: 'Pass on onion and forward requests to nodes of this machine, and record',
      command: '<%= config.bin %> relay --listen 33446 --udp 33446 -w session.pcapng',
    },
    {
      description: 'See what a client does if no ping is ever answered',
      command: '<%= config.bin %> relay --listen 33446 --silent-pings',
    },
  ]
  static override flags = {
    listen: listenFlag(33445),
    key: Flags.string({
      helpValue: 'FILE',
      description:
        "key file of the relay, made if it does not exist, as tox-bootstrapd's (default: toxtcp/relay.key in " +
        '$XDG_CONFIG_HOME or ~/.config)',
    }),
    like: Flags.option({
      options: relayModels,
      default: 'c-toxcore',
      helpValue: 'IMPLEMENTATION',
      description: `behave like this implementation where they differ: ${relayModels.join(', ')}`,
    })(),
    udp: Flags.string({
      helpValue: '[HOST:]PORT',
      description: 'UDP address from which onion requests and forward requests are sent on (default: they are not)',
    }),
    'allow-remote': Flags.boolean({description: 'with --udp: send also to other machines than this one'}),
    'ping-interval': Flags.string({helpValue: 'TIME', description: 'time between two pings (default 30s)'}),
    'ping-timeout': Flags.string({
      helpValue: 'TIME',
      description: 'close a client that has not answered a ping (default 10s)',
    }),
    status: Flags.boolean({
      description: 'show no packets, but on a terminal a line: connections, packets per second, dropped packets',
    }),
    'max-connections': integer({
      ...optionBounds.maxConnections,
      ...limits,
      helpValue: 'N',
      description: 'maximum number of connections (default 4096)',
    }),
    'max-unconfirmed': integer({
      ...optionBounds.maxUnconfirmed,
      ...limits,
      helpValue: 'N',
      description: 'maximum number of clients that have sent no packet; one more replaces the oldest (default 1024)',
    }),
    'max-per-address': integer({
      ...optionBounds.maxPerAddress,
      ...limits,
      helpValue: 'N',
      description: 'maximum number of connections from one address (default 256; no limit for this machine)',
    }),
    'handshake-timeout': Flags.string({
      ...limits,
      helpValue: 'TIME',
      description: 'time limit for the handshake of a client (default 10s, 0: none)',
    }),
    ...recordingFlags,
    'write-keylog': keyLogFlag,
    script: scriptFlag(provoking),
    ...provocationFlags,
    'drop-after': Flags.string({
      ...provoking,
      helpValue: 'N|TIME',
      description:
        'close each connection after this number of packets from its client, or this long after its handshake',
    }),
    ...printing,
  }

  override async run(): Promise<number> {
    const {flags} = await this.parse(RelayCommand, withoutBareListen(this.argv))
    const {relay} = await import('../actions/relay.js')
    const {io} = this
    const given: Readonly<Record<string, unknown>> = flags
    return relay(
      {
        listen: flags.listen ?? [],
        embedded: {
          key: flags.key,
          like: flags.like,
          udp: flags.udp,
          allowRemote: flags['allow-remote'],
          pingInterval: flags['ping-interval'],
          pingTimeout: flags['ping-timeout'],
          maxUnconfirmed: flags['max-unconfirmed'],
          maxPerAddress: flags['max-per-address'],
          provocations: provocationNames.filter(name => given[name] === true),
          dropAfter: flags['drop-after'],
        },
        maxConnections: flags['max-connections'],
        handshakeTimeout: flags['handshake-timeout'],
        script: flags.script,
        status: flags.status,
        write: flags.write,
        force: flags.force,
        embedsKeys: flags['embed-keys'],
        writeKeylog: flags['write-keylog'],
        ownsProcess: true,
        ...packetOptions({...flags, key: undefined}, io.env),
      },
      io,
    )
  }
}
