import {execFileSync} from 'node:child_process'
import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {basename, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'
import {leanChalk, leanOclif} from './lean.mjs'

// What npm packs: dist/program for bin/run.js, dist/index.js and its types for who imports the package, oclif's
// manifest for help and completion.

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)
/** Without types, and without clearing away what an earlier build left: what tests need. */
const isQuick = process.argv.includes('--quick')

/** The commands by their names, with spaces: modules of src/commands that are not what commands share. */
const commands = readdirSync('src/commands', {recursive: true, encoding: 'utf8'})
  .filter(
    file => file.endsWith('.ts') && readFileSync(join('src/commands', file), 'utf8').includes('export default class'),
  )
  .map(file => file.slice(0, -'.ts'.length).replaceAll(/[\\/]/g, ' '))
  .sort()

/** The expression that loads a command, in modules of bin/. */
const loader = command => `import('../src/commands/${command.replaceAll(' ', '/')}.ts')`

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
  // Large, and only wanted where something is sealed.
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
}

if (!isQuick) rmSync('dist', {recursive: true, force: true})
mkdirSync('dist/program', {recursive: true})
await Promise.all([
  build({...library, entryPoints: ['src/index.ts'], outfile: 'dist/index.js'}),
  ...workers.map(file =>
    build({...library, entryPoints: [join('src', file)], outfile: join('dist', `${basename(file, '.ts')}.js`)}),
  ),
  ...[...new Set(commands.map(name => name.split(' ')[0]))].map(word =>
    buildProgram(
      word,
      commands.filter(name => name.split(' ')[0] === word),
    ),
  ),
  buildProgram('other', []),
  writeManifest(),
])
if (!isQuick)
  execFileSync(
    process.execPath,
    [createRequire(import.meta.url).resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
    {stdio: 'inherit'},
  )

/** The program with some of its commands; of the others it knows the names. */
function buildProgram(name, own) {
  const table = commands.map(
    command => `${JSON.stringify(command)}: () => ${own.includes(command) ? loader(command) : 'undefined'}`,
  )
  const someCommands = {
    name: 'some-commands',
    setup({onLoad}) {
      onLoad({filter: /[\\/]bin[\\/]commands\.mts$/}, () => ({
        contents: `export const commands = {${table}}`,
        loader: 'ts',
      }))
    },
  }
  return build({
    ...program,
    entryPoints: ['bin/start.mts'],
    outfile: `dist/program/${name}.cjs`,
    plugins: [leanOclif(), leanChalk(), someCommands],
  })
}

/** oclif's table of commands, arguments and flags, read from the classes. */
async function writeManifest() {
  const classes = './dist/command-classes.js'
  const entries = commands.map(
    command => `${JSON.stringify(command.replaceAll(' ', ':'))}: (await ${loader(command)}).default`,
  )
  await build({
    ...library,
    stdin: {contents: `export default {${entries}}`, resolveDir: join(root, 'bin')},
    outfile: classes,
    plugins: [leanOclif(), leanChalk()],
  })
  const {Plugin} = await import('@oclif/core')
  const pjson = JSON.parse(readFileSync('package.json', 'utf8'))
  pjson.oclif.commands = {strategy: 'explicit', target: classes}
  const plugin = new Plugin({
    root,
    pjson,
    type: 'core',
    isRoot: true,
    ignoreManifest: true,
    errorOnManifestCreate: true,
  })
  await plugin.load()
  writeFileSync('oclif.manifest.json', `${JSON.stringify(plugin.manifest, null, 2)}\n`)
  rmSync(classes)
}
