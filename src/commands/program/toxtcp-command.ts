import {Command} from '@oclif/core/command'
import type * as Interfaces from '@oclif/core/interfaces'
import {refuseIdleFlags} from '../effects/idle.js'
import {checkedChoices, withColorValues} from '../flags/kinds.js'
import {currentIo} from './current-io.js'
import {mistakeOf} from './mistake.js'

/** What all commands of toxtcp have in common. run() returns the exit status. */
export abstract class ToxtcpCommand extends Command {
  protected readonly io = currentIo()

  abstract override run(): Promise<number>

  /** @throws InputError also for flags that have no effect beside the others. */
  protected override async parse<
    Flags extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    BaseFlags extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    Args extends Interfaces.OutputArgs<Interfaces.ArgInput>,
  >(
    options: Interfaces.Input<Flags, BaseFlags, Args>,
    argv = this.argv,
  ): Promise<Interfaces.ParserOutput<Flags, BaseFlags, Args>> {
    const flags = checkedChoices(options.flags ?? {})
    const parsed = await super.parse({...options, flags}, withColorValues(argv))
    refuseIdleFlags({id: this.id ?? '', argv, raw: parsed.raw, flags}, parsed.flags)
    return parsed
  }

  /** @throws InputError in place of what oclif's parser throws; any other error as it is. */
  protected override async catch(error: Error): Promise<never> {
    throw mistakeOf(error, this.id) ?? error
  }
}
