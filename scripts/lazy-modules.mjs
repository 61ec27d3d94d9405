import {createRequire} from 'node:module'
import {sep} from 'node:path'

const require = createRequire(import.meta.url)

const packages = `${sep}node_modules${sep}`
/** Folder of oclif's modules, in whatever folder the package is. */
const oclif = ['', 'node_modules', '@oclif', 'core', 'lib', ''].join(sep)

/** Built-in modules that Node.js itself has loaded when it starts a program. */
const loadedAtStart = ['buffer', 'events', 'fs', 'module', 'path', 'process', 'timers', 'url', 'util']

/**
 * What oclif's modules require, and the built-in modules that any package requires, is loaded when it is used: a short
 * run uses a third of it. Each module is bundled as it is. In place of what it requires it finds a module with the same
 * names, whose getters load the real one.
 * @returns {import('esbuild').Plugin}
 */
export function lazyModules() {
  return {
    name: 'lazy-modules',
    setup({onLoad, onResolve, resolve}) {
      onResolve({filter: /./, namespace: 'file'}, async ({path, kind, importer, resolveDir, pluginData}) => {
        if (pluginData === lazyModules || !importer.includes(packages)) return undefined
        if (kind !== 'require-call' && kind !== 'import-statement') return undefined
        const found = await resolve(path, {kind, importer, resolveDir, pluginData: lazyModules})
        const isBuiltIn = found.external && !loadedAtStart.includes(path.replace(/^node:/, ''))
        const isOclifs = !found.external && kind === 'require-call' && importer.includes(oclif)
        if (found.errors.length > 0 || !(isBuiltIn || isOclifs)) return undefined
        const module = found.external ? path : found.path
        return hasNames(module) ? {path: module, namespace: 'lazy', pluginData: resolveDir} : undefined
      })
      onLoad({filter: /./, namespace: 'lazy'}, ({path, pluginData}) => ({
        contents: lazyModule(path),
        resolveDir: pluginData,
      }))
    },
  }
}

/** Whether a module exports an object with names, not a function or the contents of a JSON file. */
function hasNames(path) {
  if (path === 'typescript' || path.endsWith('.json')) return false
  const exported = require(path)
  return typeof exported === 'object' && exported !== null
}

function lazyModule(path) {
  const exported = require(path)
  return `
    ${exported.__esModule ? 'Object.defineProperty(exports, "__esModule", {value: true})' : ''}
    for (const name of ${JSON.stringify(Object.keys(exported))})
      Object.defineProperty(exports, name, {enumerable: true, get: () => require(${JSON.stringify(path)})[name]})`
}
