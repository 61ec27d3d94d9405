import {execFile} from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join, resolve} from 'node:path'
import {promisify} from 'node:util'
import type {SourceFile} from 'typescript'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {amountOf} from './amount.js'
import {isUpToDate} from './build.setup.js'
import {plainEnv} from './commands/program.js'
import {ts} from './typescript.js'

const run = promisify(execFile)
const tsc = resolve('node_modules/typescript/bin/tsc')
const npmEnv = {...plainEnv, npm_config_update_notifier: 'false'}

interface LockedPackage {
  readonly dev?: boolean
  readonly resolved?: string
  readonly integrity?: string
  readonly hasInstallScript?: boolean
}
interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>
}
const lock: Lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))

const readmeProgram = /^## Library\n[\s\S]*?```ts\n([\s\S]*?)```/m.exec(readFileSync('README.md', 'utf8'))![1]!

/** Where the package is installed as npm would, with what it depends on and nothing else. */
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'toxtcp-package-')))
const installed = join(folder, 'node_modules/toxtcp')
let files: string[]

beforeAll(async () => {
  mkdirSync(installed, {recursive: true})
  const {stdout} = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {env: npmEnv})
  const [packed]: [{filename: string; files: {path: string}[]}] = JSON.parse(stdout)
  files = packed.files.map(({path}) => path)
  await run('tar', ['-xzf', join(folder, packed.filename), '-C', installed, '--strip-components=1'])
  for (const [path, {dev}] of Object.entries(lock.packages)) {
    if (path === '' || dev || path.indexOf('node_modules/', 1) !== -1) continue
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    symlinkSync(resolve(path), join(folder, path))
  }
  // What every TypeScript program for Node.js has.
  symlinkSync(resolve('node_modules/@types'), join(folder, 'node_modules/@types'))
  if (!isUpToDate(['dist/index.d.ts']))
    await run(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', join(installed, 'dist')])
})
afterAll(() => rmSync(folder, {recursive: true}))

const toxtcp = (...args: string[]) =>
  run(process.execPath, [join(installed, 'bin/run.js'), ...args], {cwd: folder, env: plainEnv})

const libraries = new Map<string, SourceFile | undefined>()

/**
 * Compiles a program where the package is installed.
 * @returns what the type checker finds there and in the package, but not in what both import of others.
 */
function faultsOf(file: string, json: Readonly<Record<string, unknown>>): string {
  const {options, errors} = ts.convertCompilerOptionsFromJson(json, folder)
  const host = ts.createCompilerHost(options)
  const {getSourceFile} = host
  host.getCurrentDirectory = () => folder
  host.getSourceFile = (name, ...rest) => {
    if (!name.includes('/typescript/lib/')) return getSourceFile(name, ...rest)
    const library = libraries.get(name) ?? getSourceFile(name, ...rest)
    libraries.set(name, library)
    return library
  }
  const program = ts.createProgram([join(folder, file)], options, host)
  const own = program.getSourceFiles().filter(({fileName}) => fileName.startsWith(folder))
  expect(own.filter(({fileName}) => fileName.startsWith(installed)).length).toBeGreaterThan(0)
  const found = own.flatMap(source => [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ])
  const emitted = program.emit(program.getSourceFile(join(folder, file)))
  const whole = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics(), ...emitted.diagnostics]
  return ts.formatDiagnostics([...errors, ...whole, ...found], host)
}

describe('the package', () => {
  it('holds the program, the library and the manifest, and no sources', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'package.json',
        'LICENSE',
        'oclif.manifest.json',
        'bin/run.js',
        'bin/package.json',
        'dist/program/load.cjs',
        'dist/program/decode.cjs',
        'dist/program/keys.cjs',
        'dist/program/toxtcp.cjs',
        'dist/program/package.json',
        'dist/program/capture-worker.js',
        'dist/program/capture-worker.cjs',
        'dist/index.js',
        'dist/toxtcp.1',
      ]),
    )
    expect(
      files.filter(
        file =>
          !/^(package\.json|LICENSE|README\.md|CHANGELOG\.md|docs\/commands\.md|examples\/.*\.(ts|html)|oclif\.manifest\.json|bin\/(run\.js|package\.json)|dist\/(toxtcp\.1|program\/package\.json|.*\.(js|cjs|d\.ts)))$/.test(
            file,
          ),
      ),
    ).toEqual([])
  })

  it('holds what its README links to', () => {
    const links = [...readFileSync(join(installed, 'README.md'), 'utf8').matchAll(/\]\(([^)#:]+)\)/g)].map(
      ([, to]) => to!,
    )
    expect(links).toContain('docs/commands.md')
    expect(links.filter(to => !existsSync(join(installed, to)))).toEqual([])
  })

  it('runs where only its dependencies are', async () => {
    expect((await toxtcp('decode', '04', '0000000000000001')).stdout).toContain('PingRequest')
    expect((await toxtcp('--help')).stdout).toContain('decode')
    expect((await toxtcp('keys', 'make', '--reveal')).stdout).toMatch(/[0-9a-f]{64}/)
    expect((await toxtcp('autocomplete', 'bash')).stdout).toContain('toxtcp')
    expect((await toxtcp('autocomplete', 'script', 'bash')).stdout).toContain('toxtcp')
  })

  it('runs the program of the README', async () => {
    const small = resolve('fixtures/captures/small')
    const program = readmeProgram
      .replace("'capture.pcap'", JSON.stringify(`${small}/capture.pcap`))
      .replace("'keys.log'", JSON.stringify(`${small}/sessions.keylog`))
    writeFileSync(join(folder, 'program.mts'), program)
    const options = {strict: true, module: 'nodenext', target: 'es2023', lib: ['es2023'], types: ['node']}
    expect(faultsOf('program.mts', options)).toBe('')
    const {stdout} = await run(process.execPath, ['program.mjs'], {cwd: folder})
    expect(stdout).toMatch(/^(2026-\S+ \d [0-9a-f]{64}\n){3}$/)
  })

  it.each(
    amountOf(
      [
        ['nodenext', 'nodenext'],
        ['esnext', 'bundler'],
      ],
      1,
    ),
  )('has types for its parts, without those of Node.js, for module %s and resolution %s', (module, resolution) => {
    const program = [
      "import {CaptureReader} from 'toxtcp/capture'",
      "import {limits, type PacketFields, typeNamed} from 'toxtcp/protocol'",
      "import {decodePacket, Keyring, readCapture, Session, type ToxRecord} from 'toxtcp/session'",
      "import {InputError, parseHex, toHex} from 'toxtcp/wire'",
      "const record: ToxRecord = decodePacket(parseHex('04 0000000000000001').bytes)",
      "const fields: PacketFields<'ping_request'> | undefined = record.packet('ping_request')",
      'export const session = new Session(new Keyring(), () => {})',
      "if (!fields) throw new InputError(typeNamed('ping_request').about)",
      'export const text: string = toHex(fields.ping_id)',
      'export const parts = [CaptureReader, readCapture, limits.packet]',
      '// @ts-expect-error A ping has no key.',
      'fields.pk',
    ]
    writeFileSync(join(folder, 'parts.mts'), program.join('\n'))
    const options = {module, moduleResolution: resolution, target: 'es2023', lib: ['es2023', 'dom'], types: []}
    const strict = {strict: true, exactOptionalPropertyTypes: true, noEmit: true}
    expect(faultsOf('parts.mts', {...options, ...strict})).toBe('')
  })

  it('has one InputError for all its parts, and parts that hold nothing of Node.js', async () => {
    const program = [
      "import {InputError, openCapture} from 'toxtcp'",
      "import * as wire from 'toxtcp/wire'",
      "try { for await (const _ of openCapture('missing.pcap')); } catch (error) {",
      '  console.log(error instanceof wire.InputError, wire.InputError === InputError, error.code)',
      '}',
    ]
    writeFileSync(join(folder, 'errors.mjs'), program.join('\n'))
    const {stdout} = await run(process.execPath, ['errors.mjs'], {cwd: folder})
    expect(stdout).toBe('true true no-such-file\n')
    const imported = (file: string): string[] => {
      const {importedFiles} = ts.preProcessFile(readFileSync(join(installed, 'dist', file), 'utf8'), true, true)
      return importedFiles.flatMap(({fileName}) => (fileName.startsWith('./') ? imported(fileName) : [fileName]))
    }
    for (const part of ['wire', 'protocol', 'capture']) expect(imported(`${part}.js`)).toEqual([])
    expect(new Set(imported('session.js'))).toEqual(new Set(['libsodium-wrappers']))
  })

  it('shows a mistake that nobody catches in a few short lines, by its name', async () => {
    const text = "for await (const record of (await import('toxtcp')).openCapture('missing.pcap')) console.log(record)"
    writeFileSync(join(folder, 'uncaught.mjs'), text)
    const shown = await run(process.execPath, ['uncaught.mjs'], {cwd: folder, env: plainEnv}).catch(
      (error: {stderr: string}) => error.stderr,
    )
    expect(shown).toContain('\nInputError: cannot read missing.pcap: there is no such file or directory\n')
    expect(
      Math.max(
        ...String(shown)
          .split('\n')
          .map(line => line.length),
      ),
    ).toBeLessThan(500)
  })

  it('loads libsodium only where something is sealed', async () => {
    const loaded = async (...args: string[]) => {
      const {stderr} = await run(process.execPath, [join(installed, 'bin/run.js'), ...args], {
        cwd: folder,
        env: {...plainEnv, NODE_DEBUG: 'esm,module'},
      })
      return stderr.includes('libsodium')
    }
    expect(await loaded('decode', '04', '0000000000000001', '--json')).toBe(false)
    expect(await loaded('keys', 'make', '--reveal')).toBe(true)
  })
})

describe('the lock file', () => {
  const locked = Object.entries(lock.packages).filter(([path]) => path !== '')

  it('has an integrity for every package', () => {
    expect(locked.filter(([, {integrity}]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([])
  })

  it('has no package with an install script among those that a user installs', () => {
    const installed = locked.filter(([, {dev}]) => !dev)
    expect(installed.map(([path]) => path)).toContain('node_modules/chalk')
    expect(installed.filter(([, {hasInstallScript}]) => hasInstallScript).map(([path]) => path)).toEqual([])
  })

  it('names no address, and the platform packages of every system', () => {
    expect(Object.values(lock.packages).some(({resolved}) => resolved !== undefined)).toBe(false)
    for (const name of [
      '@biomejs/cli-darwin-arm64',
      '@biomejs/cli-win32-x64',
      '@esbuild/darwin-arm64',
      '@oxc-parser/binding-linux-x64-musl',
    ])
      expect(lock.packages).toHaveProperty([`node_modules/${name}`])
  })
})
