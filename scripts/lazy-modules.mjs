import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {sep} from 'node:path'

const require = createRequire(import.meta.url)

const packages = `${sep}node_modules${sep}`
/** Folder of oclif's modules, in whatever folder the package is. */
const oclif = ['', 'node_modules', '@oclif', 'core', 'lib', ''].join(sep)

/** Built-in modules that Node.js itself has loaded when it starts a program. */
const loadedAtStart = ['buffer', 'events', 'fs', 'module', 'path', 'process', 'timers', 'url', 'util']

/**
 * What oclif's modules require, the built-in modules that any package requires, and the packages that our own modules
 * import are loaded when they are used: a short run uses a third of them. Each module is bundled as it is. In place of
 * what it requires it finds a module with the same names, whose getters load the real one.
 * @returns {import('esbuild').Plugin}
 */
export function lazyModules() {
  return {
    name: 'lazy-modules',
    setup({onLoad, onResolve, resolve}) {
      onResolve({filter: /./, namespace: 'file'}, async ({path, kind, importer, resolveDir, pluginData}) => {
        if (pluginData === lazyModules) return undefined
        const found = await resolve(path, {kind, importer, resolveDir, pluginData: lazyModules})
        if (found.errors.length > 0) return undefined
        const module = found.external ? path : found.path
        return isLazy(module, found, kind, importer)
          ? {path: module, namespace: 'lazy', pluginData: resolveDir}
          : undefined
      })
      onLoad({filter: /./, namespace: 'lazy'}, ({path, pluginData}) => ({
        contents: lazyModule(path),
        resolveDir: pluginData,
      }))
    },
  }
}

/** @param path name or file of what `importer` requires or imports. */
function isLazy(path, {external, sideEffects}, kind, importer) {
  if (path === 'typescript' || path.endsWith('.json')) return false
  const isPackages = importer.includes(packages)
  const isOclifs = importer.includes(oclif)
  if (kind === 'dynamic-import') return isOclifs && !external && !sideEffects
  if (kind !== 'require-call' && kind !== 'import-statement') return false
  if (external) return isPackages && !loadedAtStart.includes(path.replace(/^node:/, ''))
  if (isOclifs) return kind === 'require-call'
  return !isPackages && path.includes(packages) && !path.includes(oclif)
}

/** A module with the names that another exports. Where it is a function, it has to be one, too. */
function lazyModule(path) {
  const exported = require(path)
  const load = `require(${JSON.stringify(path)})`
  const names = namesOf(exported).filter(name => name !== '__esModule')
  const passedOn = passedOnBy(path)
  const getters = names.map(
    name => `get ${JSON.stringify(name)}() { return ${passedOn.get(name) ?? `${load}.${name}`} }`,
  )
  return `
    ${typeof exported === 'function' ? `module.exports = ${forwarding(load)}` : ''}
    ${exported.__esModule ? 'Object.defineProperty(exports, "__esModule", {value: true})' : ''}
    Object.defineProperties(module.exports, Object.getOwnPropertyDescriptors({${getters.join()}}))`
}

/** Names of what a module exports; where that is an object of a class, as of ansis, the names of the class too. */
function namesOf(exported) {
  const names = new Set(Object.keys(exported))
  if (typeof exported === 'object')
    for (
      let from = Object.getPrototypeOf(exported);
      from && from !== Object.prototype;
      from = Object.getPrototypeOf(from)
    )
      for (const name of Object.getOwnPropertyNames(from)) if (name !== 'constructor') names.add(name)
  return [...names]
}

/** A function, or class, that does what another does. */
const forwarding = load => `function (...values) {
  return new.target ? Reflect.construct(${load}, values) : ${load}(...values)
}`

/**
 * Code that loads the names that an ECMAScript module only passes on from the package that it has them from: the module
 * itself may load much that these do not need.
 */
function passedOnBy(path) {
  if (!path.includes(packages)) return new Map()
  const statements = readFileSync(path, 'utf8').matchAll(/^export \{default as (\w+)\} from '([^']+)'/gm)
  return new Map(
    [...statements].map(([, name, from]) => {
      const file = createRequire(path).resolve(from)
      return [name, `require(${JSON.stringify(file)}).default`]
    }),
  )
}
