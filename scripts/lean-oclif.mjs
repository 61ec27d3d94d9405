import {readFile} from 'node:fs/promises'
import {dirname, join, relative, sep} from 'node:path'

/** Parts of oclif that a command needs for help and warnings only, by their file under its lib/. */
const external = {
  'config/index.js': '@oclif/core/config',
  'help/index.js': '@oclif/core/help',
  'help/util.js': '@oclif/core/help',
  'ux/index.js': '@oclif/core/ux',
}

const topLevelRequire = /^const (\w+) = ((?:__import(?:Default|Star)\()?require\("([^"]+)"\)\)?);$/gm

/** What a `require` returns, except that the module is loaded when one of its names is first read. oclif reads them inside of functions. */
const lazy = `const __lazy = load => {
  let loaded
  const module = () => (loaded ??= load())
  return new Proxy({}, {get: (_, name) => module()[name], has: (_, name) => name in module()})
};`

/**
 * All modules of oclif require most others at once, and the largest serve help and plugins alone.
 * This plugin for esbuild makes them wait until they are used, and leaves the largest in their package.
 * @returns {import('esbuild').Plugin}
 */
export function leanOclif() {
  return {
    name: 'lean-oclif',
    setup({onLoad, onResolve}) {
      onResolve({filter: /^@oclif\/core\/(config|help|run|ux)$/}, ({path}) => ({path, external: true}))
      onLoad({filter: /[\\/]@oclif[\\/]core[\\/]lib[\\/].*\.js$/}, async ({path}) => {
        const text = await readFile(path, 'utf8')
        const lib = path.slice(0, path.lastIndexOf(`${sep}lib${sep}`) + `${sep}lib`.length)
        const nameOf = request => {
          if (!request.startsWith('.')) return request
          const target = relative(lib, join(dirname(path), request)).replaceAll(sep, '/')
          return external[`${target}.js`] ?? external[`${target}/index.js`] ?? request
        }
        const contents = text
          .replace(topLevelRequire, (_, name, value, request) => `const ${name} = __lazy(() => ${value.replace(request, nameOf(request))});`)
          .replace('"use strict";', `"use strict";${lazy}`)
        return {contents, loader: 'js'}
      })
    },
  }
}
