import type * as Interfaces from '@oclif/core/interfaces'
import type {Defaults, FlagSetting} from '../../actions/config.js'
import {configPath, readConfigFile} from '../../files/config-file.js'
import {checkedChoices} from '../flags/kinds.js'
import {mistakeOf} from '../program/mistake.js'
import {commandsOf} from '../program/own-plugin.js'
import {type FlagDefault, parseConfig} from './config.js'

/** All defaults of a user, each checked as the flag is. @throws InputError for a mistake in their file. */
export async function checkedDefaults(
  config: Interfaces.Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Defaults> {
  const file = readConfigFile(env)
  if (!file) return {path: configPath(env), isThere: false, flags: [], labels: [], colors: {}}
  const {path, flags, commands, labels, colors} = parseConfig(file.path, file.text, commandsOf(config), env['HOME'])
  const settings: FlagSetting[] = []
  for (const one of flags) {
    const id = config.commandIDs.find(command => config.findCommand(command)?.flags[one.name] !== undefined)
    settings.push(...(await checkedValues(one, id!, undefined, config, path)))
  }
  for (const [id, own] of commands)
    for (const one of own) settings.push(...(await checkedValues(one, id, id.replaceAll(':', ' '), config, path)))
  return {path, isThere: true, flags: settings, labels, colors}
}

/** @param id of a command that has the flag. @param command its title, if the default is only for it. */
async function checkedValues(
  {name, words}: FlagDefault,
  id: string,
  command: string | undefined,
  config: Interfaces.Config,
  path: string,
): Promise<FlagSetting[]> {
  const {flags = {}} = await config.findCommand(id, {must: true}).load()
  const flag = checkedChoices({[name]: {...flags[name]!, name}})[name]!
  if (flag.type === 'boolean') return words.map(word => ({flag: word, value: undefined, command}))
  const values = words.filter((_, at) => at % 2 === 1)
  for (const value of values) {
    try {
      // Parsers of values look at the definition of the flag alone.
      await flag.parse(value, {} as Parameters<typeof flag.parse>[1], flag)
    } catch (error) {
      throw mistakeOf(error, id)?.at(path) ?? error
    }
  }
  return values.map(value => ({flag: `--${name}`, value, command}))
}
