import * as Args from '@oclif/core/args'
import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {processIo} from '../terminal/io.js'
import {colorLevelOf, isUtf8} from '../terminal/print-options.js'
import {drawingFlags} from './flags.js'

export default class Explain extends Command {
  static override summary = 'Tell what a packet type, field, payload, rule or limit is.'
  static override description =
    'The layout as a picture, limits, who sends it, what implementations do with it, and where that is written. Without NAME: everything there is to explain.'
  static override examples = [
    {description: 'A packet, by its name', command: '<%= config.bin %> explain oob_send'},
    {description: 'The code of a finding', command: '<%= config.bin %> explain packet-too-short'},
    {description: 'Everything that can be explained', command: '<%= config.bin %> explain'},
  ]
  static override args = {
    name: Args.string({
      name: 'NAME',
      ignoreStdin: true,
      description: 'a name as in filters, JSON and findings, or an id as 0x06',
    }),
  }
  static override flags = {json: Flags.boolean({description: 'print one JSON object'}), ...drawingFlags}

  override async run(): Promise<void> {
    const {args, flags} = await this.parse(Explain)
    const {explain} = await import('../actions/explain.js')
    const io = processIo()
    const {json, ascii, color} = flags
    this.exit(
      explain(
        {
          name: args.name,
          json,
          width: io.width,
          isAscii: ascii || !isUtf8(io.env),
          colorLevel: colorLevelOf(color, io),
        },
        io,
      ),
    )
  }
}
