import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join, parse} from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'
import {lazyModules} from './lazy-modules.mjs'
import {writeManual} from './man.mjs'

// What npm packs: dist/program for bin/run.js, the modules and types for programs that import the package, and
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
  // Half as much to read. Names stay, so that a stack is readable.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  // Large, and only loaded where something is sealed.
  external: ['libsodium-wrappers'],
}

/** What the package exports: modules of src/ that pass on what others export. */
const faces = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).exports)
  .filter(path => !path.endsWith('.json'))
  .map(path => join('src', path === '.' ? 'index.ts' : `${path}.ts`))

/**
 * What several faces share is one chunk: an InputError is the same in all. Lines are short: where a program does not
 * catch an error, Node.js prints the whole line that threw it.
 * @type {import('esbuild').BuildOptions}
 */
const library = {...shared, format: 'esm', outdir: 'dist', lineLimit: 120}

/**
 * File beside the programs that imports a module. A program may be loaded from compiled code, and that has no import()
 * of its own in Node.js 20.
 */
const importFile = 'import.cjs'

/** @type {import('esbuild').BuildOptions} CommonJS: Node.js starts it faster. Its threads are beside it. */
const program = {
  ...shared,
  format: 'cjs',
  // load.mts reads the programs as Latin-1.
  charset: 'ascii',
  define: {'import.meta.url': 'meta.url'},
  banner: {
    js:
      "const meta={get url(){return require('node:url').pathToFileURL(__dirname+'/program.js').href}};" +
      `const native={import:module=>require(__dirname+'/${importFile}')(module)};`,
  },
  // oclif requires it only to run a program from its source.
  external: ['typescript'],
}

/** @type {import('esbuild').Plugin} It is found from the program's folder. */
const requiredSodium = {
  name: 'required-sodium',
  setup({onLoad, onResolve}) {
    onResolve({filter: /^libsodium-wrappers$/}, ({path, kind}) =>
      kind === 'dynamic-import' ? {path, namespace: 'required'} : {path, external: true},
    )
    onLoad({filter: /./, namespace: 'required'}, ({path}) => ({contents: `module.exports = require('${path}')`}))
  },
}

async function bundled(file, name) {
  const {outputFiles} = await build({
    ...program,
    entryPoints: [file],
    outfile: join('dist/program', name),
    plugins: [lazyModules(), requiredSodium],
    write: false,
  })
  const [{path, text}] = outputFiles
  writeFileSync(path, inAscii(text.replace(/(?<![\w$."'`])import\(/g, 'native.import(')))
}

/** Code whose other characters are escapes: `charset` leaves those in regular expressions as they are. */
function inAscii(code) {
  return code.replace(/[^\x00-\x7f]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** What the program's threads begin with: it loads the module of the same name with compiled code. */
const threadStart = "require('./load.cjs').loadThread(__filename.replace(/js$/, 'cjs'), require)\n"

/** Write the types of what the package exports. */
async function typesWritten() {
  const compiler = spawn(process.execPath, [resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  })
  const [status] = await once(compiler, 'exit')
  if (status !== 0) process.exit(status ?? 1)
}

if (!isQuick) rmSync('dist', {recursive: true, force: true})
mkdirSync('dist/program', {recursive: true})
// It takes as long as all the rest, and does it meanwhile.
const types = isQuick ? undefined : typesWritten()
writeFileSync(join('dist/program', importFile), 'module.exports = module => import(module)\n')
writeFileSync('dist/program/package.json', '{"type": "commonjs"}\n')
for (const file of workers) writeFileSync(join('dist/program', `${parse(file).name}.js`), threadStart)
for (const file of readdirSync('dist')) if (file.startsWith('chunk-')) rmSync(join('dist', file))
await Promise.all([
  build({...library, entryPoints: faces, splitting: true, chunkNames: 'chunk-[hash]'}),
  build({...library, entryPoints: workers.map(file => join('src', file)), entryNames: '[name]'}),
  bundled('bin/program.mts', 'toxtcp.cjs'),
  ...readdirSync('bin/short').map(file => bundled(join('bin/short', file), `${parse(file).name}.cjs`)),
  ...workers.map(file => bundled(join('src', file), `${parse(file).name}.cjs`)),
  build({...program, entryPoints: ['bin/load.mts'], outfile: 'dist/program/load.cjs', banner: {}}),
])
execFileSync(process.execPath, [resolve('oclif/bin/run.js'), 'manifest'], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {...process.env, OCLIF_SKIP_NEW_VERSION_CHECK: 'true'},
})
writeManual()
await types
