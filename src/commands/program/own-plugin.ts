import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Command} from '@oclif/core/command'
import {Plugin} from '@oclif/core/config'
import type * as Interfaces from '@oclif/core/interfaces'

/** Descriptions of commands by their ids. */
export type CommandTable = Interfaces.Manifest['commands']

/** Commands by oclif's ids, where a colon is between a topic and its command. */
export type Commands = Readonly<Record<string, Command.Class>>

/**
 * This package as oclif sees it: commands described by `oclif.manifest.json`, and run by the classes that are in the
 * program anyway. What oclif's own `load()` does finds the same, but looks for files one after another and sorts by
 * locale, and that is a fifth of a short run.
 */
export class OwnPlugin extends Plugin {
  /** @param root folder of package.json and oclif.manifest.json. @param pjson contents of package.json. */
  constructor(root: string, pjson: Interfaces.PJSON, commands: Commands) {
    super({root, pjson, isRoot: true})
    const manifest: Interfaces.Manifest = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8'))
    this.isRoot = true
    this.valid = true
    this.hasManifest = true
    this.type = 'core'
    this.root = root
    this.pjson = pjson
    this.name = pjson.name
    this.alias = pjson.name
    this.version = pjson.version
    this.moduleType = 'module'
    this.manifest = manifest
    this.commandIDs = Object.keys(manifest.commands).filter(id => commands[id] !== undefined)
    this.commands = [...this.commandIDs].sort().map(id => ({
      ...manifest.commands[id]!,
      pluginAlias: pjson.name,
      pluginType: this.type,
      // After a strict command without arguments, oclif takes words for a part of its name. Its class, which parses
      // them, is strict.
      strict: Object.keys(manifest.commands[id]!.args).length > 0,
      load: async () => Object.assign(commands[id]!, {id, plugin: this}),
    }))
    this.hooks = Object.fromEntries(
      Object.entries(pjson.oclif.hooks ?? {}).map(([event, hooks]) => [event, [hooks].flat().map(hookOptions)]),
    )
  }

  /** Nothing is left to do: the constructor has read the manifest. */
  override async load(): Promise<void> {}
}

const hookOptions = (hook: string | Plugin['hooks'][string][number]): Plugin['hooks'][string][number] =>
  typeof hook === 'string' ? {target: hook, identifier: 'default'} : hook

/** The commands of the whole package, as its manifest describes them, whatever part of the program runs. */
export function commandsOf({plugins, pjson, commands}: Interfaces.Config): CommandTable {
  const plugin = plugins.get(pjson.name)
  if (plugin instanceof OwnPlugin) return plugin.manifest.commands
  return Object.fromEntries(commands.map(command => [command.id, command]))
}
