import {execFileSync} from 'node:child_process'
import {mkdirSync, readdirSync, rmSync} from 'node:fs'
import {createRequire} from 'node:module'
import {basename, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'

// What npm packs: dist/program for bin/run.js, dist/index.js and its types for programs that import the package, and
// oclif's manifest for help and completion.

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const {resolve} = createRequire(import.meta.url)
/** Without types, and without removing what an earlier build left: what tests need. */
const isQuick = process.argv.includes('--quick')

/** Modules that threads begin with. They look for them beside the file that starts them. */
const workers = readdirSync('src', {recursive: true, encoding: 'utf8'}).filter(file => file.endsWith('-worker.ts'))

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  // Half as much to read. Names stay, so that a stack says something.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  // Large, and only loaded where something is sealed.
  external: ['libsodium-wrappers'],
}

/** @type {import('esbuild').BuildOptions} */
const library = {
  ...shared,
  format: 'esm',
  banner: {js: "import {createRequire as requireFrom} from 'node:module';const require=requireFrom(import.meta.url);"},
}

/** @type {import('esbuild').BuildOptions} CommonJS: Node.js starts it faster. Its threads are beside dist/index.js. */
const program = {
  ...shared,
  format: 'cjs',
  define: {'import.meta.url': 'moduleUrl'},
  banner: {js: "const moduleUrl=require('node:url').pathToFileURL(__dirname+'/../index.js').href;"},
  // oclif requires it only to run a program from its source.
  external: ['typescript'],
}

/** @type {import('esbuild').Plugin} A module that is loaded from compiled code has require() and no import(). */
const requiredSodium = {
  name: 'required-sodium',
  setup({onLoad, onResolve}) {
    onResolve({filter: /^libsodium-wrappers$/}, ({path, kind}) =>
      kind === 'dynamic-import' ? {path, namespace: 'required'} : {path, external: true},
    )
    onLoad({filter: /./, namespace: 'required'}, ({path}) => ({contents: `module.exports = require('${path}')`}))
  },
}

if (!isQuick) rmSync('dist', {recursive: true, force: true})
mkdirSync('dist/program', {recursive: true})
await Promise.all([
  build({...library, entryPoints: ['src/index.ts'], outfile: 'dist/index.js'}),
  ...workers.map(file =>
    build({...library, entryPoints: [join('src', file)], outfile: join('dist', `${basename(file, '.ts')}.js`)}),
  ),
  build({...program, entryPoints: ['bin/program.mts'], outfile: 'dist/program/toxtcp.cjs', plugins: [requiredSodium]}),
  build({...program, entryPoints: ['bin/load.mts'], outfile: 'dist/program/load.cjs'}),
])
execFileSync(process.execPath, [resolve('oclif/bin/run.js'), 'manifest'], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {...process.env, OCLIF_SKIP_NEW_VERSION_CHECK: 'true'},
})
if (!isQuick)
  execFileSync(process.execPath, [resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {stdio: 'inherit'})
