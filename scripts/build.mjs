import {execFileSync} from 'node:child_process'
import {readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'
import {leanOclif} from './lean-oclif.mjs'

// What npm packs: dist/start.js for bin/run.js, dist/index.js and its types for who imports the package, oclif's manifest for help and completion.

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)
/** Without types, and without clearing away what an earlier build left: what tests need. */
const isQuick = process.argv.includes('--quick')

/** Modules that threads begin with, by their names; threads look for them beside the file that starts them. */
const workers = readdirSync('src/actions')
  .filter(file => file.endsWith('-worker.ts'))
  .map(file => file.slice(0, -'.ts'.length))

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  // One file: at every start, finding and linking a dozen small ones costs more than passing over the code that a run does not call.
  splitting: false,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Half as much to read. Names stay, so that a stack says something.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  // Large, and only wanted where something is sealed.
  external: ['libsodium-wrappers'],
  plugins: [leanOclif()],
  // For the CommonJS modules in the bundle, which require what Node.js has built in.
  banner: {js: "import {createRequire as requireFrom} from 'node:module';const require=requireFrom(import.meta.url);"},
}

if (!isQuick) rmSync('dist', {recursive: true, force: true})
await Promise.all([
  build({...shared, entryPoints: ['bin/start.ts'], outfile: 'dist/start.js'}),
  build({...shared, entryPoints: ['src/index.ts'], outfile: 'dist/index.js'}),
  ...workers.map(name => build({...shared, entryPoints: [`src/actions/${name}.ts`], outfile: `dist/${name}.js`})),
  writeManifest(),
])
if (!isQuick) execFileSync(process.execPath, [createRequire(import.meta.url).resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {stdio: 'inherit'})

/** oclif's table of commands, arguments and flags, read from the classes. */
async function writeManifest() {
  const classes = './dist/command-classes.js'
  await build({
    ...shared,
    stdin: {
      contents: `
        import {commands} from './bin/commands.ts'
        export default Object.fromEntries(await Promise.all(Object.entries(commands).map(async ([name, load]) => [name.replaceAll(' ', ':'), (await load()).default])))`,
      resolveDir: root,
    },
    outfile: classes,
  })
  const {Plugin} = await import('@oclif/core')
  const pjson = JSON.parse(readFileSync('package.json', 'utf8'))
  pjson.oclif.commands = {strategy: 'explicit', target: classes}
  const plugin = new Plugin({root, pjson, type: 'core', isRoot: true, ignoreManifest: true, errorOnManifestCreate: true})
  await plugin.load()
  writeFileSync('oclif.manifest.json', `${JSON.stringify(plugin.manifest, null, 2)}\n`)
  rmSync(classes)
}
