import {Command} from '@oclif/core/command'
import {Config as OclifConfig} from '@oclif/core/config'
import type * as Interfaces from '@oclif/core/interfaces'
import {readConfigFile} from '../../files/config-file.js'
import {ioInAscii, ioWith} from '../../terminal/io.js'
import {InputError} from '../../wire/input-error.js'
import type {Config} from '../defaults/config.js'
import {refuseIdleFlags} from '../effects/idle.js'
import {checkedChoices, withColorValues} from '../flags/kinds.js'
import {changeIo, currentIo} from './current-run.js'
import {mistakeOf, refuseFlagValues, withCommandLine} from './mistake.js'
import {commandsOf} from './own-plugin.js'
import {refuseRepeated} from './repeated.js'

/** What all commands of toxtcp have in common. run() returns the exit status. */
export abstract class ToxtcpCommand extends Command {
  /** Words after the command as they were typed: oclif's parser puts those that it parsed into `argv`. */
  #typed: readonly string[] | undefined

  protected get io() {
    return currentIo()
  }

  abstract override run(): Promise<number>

  /** Run a command with the config that the program has loaded: oclif itself loads it a second time. */
  static override run<T extends Command>(
    this: new (
      argv: string[],
      config: Interfaces.Config,
    ) => T,
    argv: string[] = [],
    options?: Interfaces.LoadOptions,
  ): Promise<ReturnType<T['run']>> {
    if (!(options instanceof OclifConfig)) throw new TypeError('a command is run with a config')
    return new this(argv, options)['_run']()
  }

  /** @throws InputError also for flags that have no effect beside the others. */
  protected override async parse<
    Flags extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    BaseFlags extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    Args extends Interfaces.OutputArgs<Interfaces.ArgInput>,
  >(
    options: Interfaces.Input<Flags, BaseFlags, Args>,
    argv = this.argv,
  ): Promise<Interfaces.ParserOutput<Flags, BaseFlags, Args>> {
    this.#typed ??= argv
    const flags = checkedChoices(options.flags ?? {})
    const id = this.id ?? ''
    refuseFlagValues(id, argv, flags)
    refuseRepeated(id, argv, flags)
    const parse = async (words: readonly string[]) => {
      const found = await super.parse({...options, flags}, withColorValues(words))
      if (found.flags['ascii'] === true) changeIo(ioInAscii(this.io))
      return found
    }
    const parsed = await parse(argv)
    const typed = {id, argv, raw: parsed.raw, flags}
    const config = await this.#config()
    if (config) {
      const {path, colors} = config
      if (Object.keys(colors).length > 0) changeIo(ioWith(this.io, {colors}))
      const {withDefaults} = await import('../defaults/in-force.js')
      const all = await withDefaults(typed, config, this.io.env, words =>
        parse(words).catch((error: unknown) => {
          throw mistakeOf(error, this.id, words)?.at(path) ?? error
        }),
      )
      if (all.applied.length > 0) return parse(all.argv)
    }
    refuseIdleFlags(typed, parsed.flags)
    return parsed
  }

  /** The user's defaults; undefined without any. @throws InputError for a file of them with a mistake. */
  async #config(): Promise<Config | undefined> {
    const {env} = this.io
    const file = readConfigFile(env)
    if (!file) return undefined
    const {parseConfig} = await import('../defaults/config.js')
    return parseConfig(file.path, file.text, commandsOf(this.config), env['HOME'])
  }

  /** @throws InputError in place of what oclif's parser throws; any other error as it is. */
  protected override async catch(error: Error): Promise<never> {
    const id = this.id ?? ''
    const argv = this.#typed ?? this.argv
    const found = error instanceof InputError ? error : mistakeOf(error, id, argv)
    throw found ? withCommandLine(found, id, argv, this.ctor.flags) : error
  }
}
