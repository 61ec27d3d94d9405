import {captureArgs} from './flags/flags.js'
import {integer} from './flags/kinds.js'
import {viewFlags, viewOptions} from './flags/view.js'
import {ToxtcpCommand} from './program/toxtcp-command.js'

export default class View extends ToxtcpCommand {
  static override summary = 'Look around in capture files, in the terminal.'
  static override description =
    'Shows a list of the packets, the fields of the chosen one, and its bytes. The first screen comes at once; ' +
    'reading goes on while you look. ? lists the keys, / types a filter, q ends.'
  static override usage = 'view [FILE...] [FLAGS]'
  static override examples = [
    {
      description: 'Look around in a capture, decrypted with a key log',
      command: '<%= config.bin %> view capture.pcap --keylog keys.log',
    },
  ]
  static override args = captureArgs
  static override flags = {
    last: integer({min: 1, helpValue: 'N', description: 'keep only the latest N records, for a pipe that never ends'}),
    ...viewFlags,
  }

  override async run(): Promise<number> {
    const {args, flags} = await this.parse(View)
    const {view} = await import('../actions/view/view.js')
    const {io} = this
    return view({...(await viewOptions(flags, args.file ?? [], io.env)), last: flags.last}, io)
  }
}
