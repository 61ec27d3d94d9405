import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {Config, Plugin} from '@oclif/core/config'
import type * as Interfaces from '@oclif/core/interfaces'
import {expect, it} from 'vitest'
import {OwnPlugin} from '../../../src/commands/program/own-plugin.js'
import {commands} from '../../../src/commands/program/table.js'

const root = resolve('.')
const pjson: Interfaces.PJSON = JSON.parse(readFileSync('package.json', 'utf8'))

/**
 * What a run sees of a plugin: everything but the functions, what the loader keeps for itself, and whether oclif takes
 * words after a command for a part of its name.
 */
function seen(plugin: Plugin) {
  const {name, alias, version, type, isRoot, valid, hasManifest, moduleType, commandIDs, hooks, topics} = plugin
  const loadable = plugin.commands.map(({load, strict, ...description}) => description)
  return {name, alias, version, type, isRoot, valid, hasManifest, moduleType, commandIDs, hooks, topics, loadable}
}

it('the plugin of this package is the one that oclif finds', async () => {
  const found = new Plugin({root, pjson, isRoot: true})
  await found.load()
  expect(seen(new OwnPlugin(root, pjson, commands))).toEqual(seen(found))
})

it('a config of this plugin has every command, and loads its class', async () => {
  const plugin = new OwnPlugin(root, pjson, commands)
  const config = await Config.load({root, pjson, plugins: new Map([[plugin.name, plugin]])})
  expect(config.commandIDs.sort()).toEqual(Object.keys(commands).sort())
  for (const [id, command] of Object.entries(commands))
    expect(await config.findCommand(id, {must: true}).load()).toBe(command)
})

it('only a command with arguments is strict to oclif, which else takes words after it for its name', () => {
  for (const {id, args, strict} of new OwnPlugin(root, pjson, commands).commands)
    expect(strict, id).toBe(Object.keys(args).length > 0)
})
