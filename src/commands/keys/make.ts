import {Command} from '@oclif/core/command'
import {processIo} from '../../terminal/io.js'
import {showFlags, writeFlags} from './flags.js'

export default class KeysMake extends Command {
  static override summary = 'Make a key pair.'
  static override examples = [
    {description: 'A key file for tox-bootstrapd', command: '<%= config.bin %> keys make --out keys --form raw'},
    {description: 'A pair to look at', command: '<%= config.bin %> keys make --reveal'},
  ]
  static override flags = {...writeFlags, ...showFlags}

  override async run(): Promise<void> {
    const {flags} = await this.parse(KeysMake)
    const {keysMake} = await import('../../actions/keys.js')
    this.exit(await keysMake(flags, processIo()))
  }
}
