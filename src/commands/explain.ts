import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {colorLevelOf} from '../terminal/options/print-options.js'
import {GatheredText} from '../terminal/pager.js'
import {drawingFlags, pagerFlag} from './flags/flags.js'
import {ToxtcpCommand} from './program/toxtcp-command.js'

export default class Explain extends ToxtcpCommand {
  static override summary = 'Explain a packet type, field, payload, rule or limit.'
  static override description =
    'Shows the layout, the limits, who sends it, what implementations do with it, and the sources. Without NAME, ' +
    'lists all names.'
  static override examples = [
    {description: 'A packet, by its name', command: '<%= config.bin %> explain oob_send'},
    {description: 'The code of a finding', command: '<%= config.bin %> explain packet-too-short'},
    {description: 'The JSON Schema of a record', command: '<%= config.bin %> explain --schema'},
    {description: 'All names that can be explained', command: '<%= config.bin %> explain'},
  ]
  static override args = {
    name: Args.string({
      name: 'NAME',
      ignoreStdin: true,
      description: 'a name as used in filters, JSON and findings, or an id such as 0x06',
    }),
  }
  static override flags = {
    json: Flags.boolean({description: 'print one JSON object'}),
    schema: Flags.boolean({
      exclusive: ['json'],
      description: 'print the JSON Schema of the records that --json prints',
    }),
    pager: pagerFlag,
    ...drawingFlags,
  }

  override async run(): Promise<number> {
    const {args, flags} = await this.parse(Explain)
    const {explain} = await import('../actions/explain.js')
    const gathered = new GatheredText(this.io)
    const {io} = gathered
    const {json, schema, pager, color} = flags
    const status = explain(
      {
        name: args.name,
        json,
        schema,
        width: io.width,
        isAscii: io.isAscii,
        colorLevel: colorLevelOf(color, io),
        colors: io.colors,
      },
      io,
    )
    await gathered.print(pager)
    return status
  }
}
