import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {optionBounds} from '../library/option-bounds.js'
import * as limits from '../probe/limits.js'
import {drawingFlags} from './flags/flags.js'
import {integer} from './flags/kinds.js'
import {ToxtcpCommand} from './program/toxtcp-command.js'

const many = {helpGroup: 'RELAY LIST'} as const
const watching = {helpGroup: 'WATCHING'} as const
const suite = {helpGroup: 'SUITE'} as const
const clients = {helpGroup: 'CLIENT'} as const

export default class ProbeCommand extends ToxtcpCommand {
  static override summary = 'Check whether a relay is alive and right, and if not, at which step it fails.'
  static override description =
    'Connects as a client: handshake, pings, routes, out-of-band data, two clients that exchange data. Distinguishes ' +
    'a wrong public key from another service on the port. The exit status is 0 if every relay is healthy, else 1. ' +
    'Relays are given as HOST:PORT KEY, or as a list: a file, or - for standard input, with lines HOST:PORT KEY or ' +
    'the JSON of nodes.tox.chat. With --client, be the relay and check a client.'
  static override usage = ['probe [FLAGS] HOST:PORT KEY', 'probe [FLAGS] LIST', 'probe [FLAGS] --client [HOST:]PORT']
  static override examples = [
    {
      description: 'Check a relay stage by stage',
      command:
        '<%= config.bin %> probe 127.0.0.1:33445 ' + 'e027cc456217e9fcb5995c2e656acc860be19a09a284e060843f21bbb73a5d78',
    },
    {
      description: 'Check all relays of a list, eight at a time',
      command: '<%= config.bin %> probe relays.txt --jobs 8',
    },
    {
      description: 'Say which implementation a relay on this machine behaves like',
      command:
        '<%= config.bin %> probe --suite 127.0.0.1:33445 ' +
        'e027cc456217e9fcb5995c2e656acc860be19a09a284e060843f21bbb73a5d78',
    },
    {
      description: 'Say which implementation a client behaves like that connects to port 33446',
      command: '<%= config.bin %> probe --client 33446',
    },
  ]
  static override args = {
    relay: Args.string({
      name: 'RELAY',
      multiple: true,
      ignoreStdin: true,
      description: 'address and public key of a relay, or the file of a list',
    }),
  }
  static override flags = {
    count: integer({
      char: 'c',
      ...optionBounds.count,
      default: limits.pings,
      helpValue: 'N',
      description: 'number of pings',
    }),
    timeout: Flags.string({
      default: `${limits.stepSeconds}s`,
      helpValue: 'TIME',
      description: 'time limit for each step',
    }),
    socks: Flags.string({helpValue: 'HOST:PORT', description: 'SOCKS5 proxy to connect through'}),
    jobs: integer({
      char: 'j',
      min: 1,
      max: limits.jobs,
      default: 1,
      ...many,
      helpValue: 'N',
      description: 'relays that are probed at the same time',
    }),
    rate: integer({
      min: 1,
      max: 1000,
      default: limits.relaysPerSecond,
      ...many,
      helpValue: 'N',
      description: 'begin at most N relays per second',
    }),
    interval: Flags.string({
      ...watching,
      helpValue: 'TIME',
      description: 'probe again each TIME, until Ctrl-C; print a line for each probe',
    }),
    metrics: Flags.string({
      ...watching,
      helpValue: '[HOST:]PORT',
      description: 'with --interval: serve metrics for Prometheus, at /metrics',
    }),
    suite: Flags.boolean({
      ...suite,
      description: 'send legal and wrong packets, and say which implementation the relay behaves like',
    }),
    'allow-remote': Flags.boolean({...suite, description: 'allow --suite with a relay on another machine'}),
    client: Flags.string({
      ...clients,
      helpValue: '[HOST:]PORT',
      description:
        'be a relay here (default host: 127.0.0.1; port 0: any free port), send legal and wrong packets to the ' +
        'client that connects, one case on each of its connections, and say which implementation it behaves like',
    }),
    json: Flags.boolean({description: 'print one JSON object'}),
    ...drawingFlags,
  }

  override async run(): Promise<number> {
    const {args, flags} = await this.parse(ProbeCommand)
    const {probe} = await import('../actions/probe/probe.js')
    const {'allow-remote': allowRemote, ...rest} = flags
    return probe({targets: args.relay ?? [], allowRemote, ...rest}, this.io)
  }
}
