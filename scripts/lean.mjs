import {readFile} from 'node:fs/promises'
import {dirname, join, relative, sep} from 'node:path'

/**
 * Parts of oclif that a command needs for help and warnings only, by their file under its lib/: they stay in their
 * package.
 */
const external = {
  'config/index.js': '@oclif/core/config',
  'help/index.js': '@oclif/core/help',
  'help/util.js': '@oclif/core/help',
  'ux/index.js': '@oclif/core/ux',
}

/** What stands for modules whose work is not wanted: oclif's debug log, and its own way to print errors. */
const stubs = {
  'logger.js':
    'exports.makeDebug = () => () => {}; exports.getLogger = () => ({debug() {}}); exports.setLogger = () => {}',
  'errors/errors/pretty-print.js':
    'exports.default = () => undefined; exports.applyPrettyPrintOptions = error => error',
}
const unwanted = /^(wrap-ansi|indent-string)$/

const topLevelRequire = /^const (\w+) = ((?:__import(?:Default|Star)\()?require\("([^"]+)"\)\)?);$/gm

/** A listener that opens standard output at every start. The program has its own. */
const stdoutListener = /^process\.stdout\.on\('error', [\s\S]*?^\}\);$/m

/**
 * What a `require` returns, except that the module is loaded when one of its names is first read. oclif reads them
 * inside of functions.
 */
const lazy = `const __lazy = load => {
  let loaded
  const module = () => (loaded ??= load())
  return new Proxy({}, {get: (_, name) => module()[name], has: (_, name) => name in module()})
};`

/**
 * All modules of oclif require most others at once, and the largest serve help and plugins alone.
 * This plugin for esbuild makes them wait until they are used, and leaves out what a command never touches.
 * @returns {import('esbuild').Plugin}
 */
export function leanOclif() {
  return {
    name: 'lean-oclif',
    setup({onLoad, onResolve}) {
      onResolve({filter: /^@oclif\/core\/(config|help|run|ux)$/}, ({path}) => ({path, external: true}))
      onResolve({filter: unwanted}, ({path}) => ({path, namespace: 'unwanted'}))
      onLoad({filter: /./, namespace: 'unwanted'}, () => ({contents: ''}))
      onLoad({filter: /[\\/]@oclif[\\/]core[\\/]lib[\\/].*\.js$/}, async ({path}) => {
        const lib = path.slice(0, path.lastIndexOf(`${sep}lib${sep}`) + `${sep}lib`.length)
        const name = relative(lib, path).replaceAll(sep, '/')
        if (stubs[name] !== undefined) return {contents: stubs[name], loader: 'js'}
        const nameOf = request => {
          if (!request.startsWith('.')) return request
          const target = relative(lib, join(dirname(path), request)).replaceAll(sep, '/')
          return external[`${target}.js`] ?? external[`${target}/index.js`] ?? request
        }
        const contents = (await readFile(path, 'utf8'))
          .replace(
            topLevelRequire,
            (_, variable, value, request) =>
              `const ${variable} = __lazy(() => ${value.replace(request, nameOf(request))});`,
          )
          .replace(stdoutListener, '')
          .replace('"use strict";', `"use strict";${lazy}`)
        return {contents, loader: 'js'}
      })
    },
  }
}

/**
 * chalk waits until something is coloured, and does not ask the terminal for its colours: the level is always given to
 * it.
 * @returns {import('esbuild').Plugin}
 */
export function leanChalk() {
  return {
    name: 'lean-chalk',
    setup({onLoad, onResolve}) {
      onResolve({filter: /^chalk$/}, ({path, kind}) =>
        kind === 'import-statement' ? {path, namespace: 'lazy-chalk'} : undefined,
      )
      onLoad({filter: /./, namespace: 'lazy-chalk'}, () => ({
        contents:
          "export const Chalk = new Proxy(class {}, {construct: (_, options) => new (require('chalk').Chalk)(...options)})",
        resolveDir: process.cwd(),
      }))
      onResolve({filter: /^#supports-color$/}, ({path}) => ({path, namespace: 'no-terminal'}))
      onLoad({filter: /./, namespace: 'no-terminal'}, () => ({
        contents: 'export default {stdout: false, stderr: false}',
      }))
    },
  }
}
