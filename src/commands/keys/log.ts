import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {ToxtcpCommand} from '../program/toxtcp-command.js'

export default class KeysLog extends ToxtcpCommand {
  static override summary = 'Run an unmodified Tox program and log its session keys.'
  static override description =
    'Loads a small library into the program (LD_PRELOAD, on Linux) that writes a line to a key log for each relay ' +
    'connection, each session between friends and each shared key. It is compiled with cc on first use. Works with ' +
    'programs that use libsodium as a shared library, such as those of Debian.'
  static override usage = 'keys log [FLAGS] -- PROGRAM [ARGS...]'
  static override examples = [
    {description: 'Log the keys of toxic', command: '<%= config.bin %> keys log --out keys.log -- toxic'},
    {description: 'The C source of the library', command: '<%= config.bin %> keys log --print-source'},
  ]
  static override args = {
    program: Args.string({
      name: 'PROGRAM',
      multiple: true,
      ignoreStdin: true,
      description: 'the program, and its arguments',
    }),
  }
  static override flags = {
    out: Flags.string({
      char: 'o',
      helpValue: 'FILE',
      description: 'the key log, which is appended to; default: what TOXTCP_KEYLOG names, or tox-keys.log',
    }),
    secrets: Flags.boolean({description: 'also log secret keys: they open what other keys do not'}),
    'print-source': Flags.boolean({description: 'print the C source of the library'}),
  }

  override async run(): Promise<number> {
    const {flags, argv} = await this.parse(KeysLog)
    const {keysLog} = await import('../../actions/keys/log.js')
    const {out, secrets, 'print-source': printSource} = flags
    return keysLog({out, secrets, printSource, command: argv as string[]}, this.io)
  }
}
