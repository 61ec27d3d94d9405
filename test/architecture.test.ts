import {readdirSync, readFileSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import type {BindingElement, CallExpression, ExportSpecifier, ImportSpecifier, Node, SourceFile} from 'typescript'
import {afterAll, describe, expect, it} from 'vitest'
import {forgetProgram, slicesOfBytes, treeOf} from './source-program.js'
import {ts} from './typescript.js'

/** Rooms of src/ that each room may import, but for itself: what the table of ARCHITECTURE.md says. */
const mayImport = importsIn(readFileSync('ARCHITECTURE.md', 'utf8'))

/** @returns for each room those that it names, and what these may import. Rows come after what they import. */
function importsIn(page: string): Record<string, readonly string[]> {
  const imports: Record<string, readonly string[]> = {}
  for (const [, room = '', named = ''] of page.matchAll(/^\| `([a-z]+)` \|.*\| ([a-z, -]+) \|$/gm)) {
    const direct = named === '-' ? [] : named.split(', ')
    imports[room] = [...new Set(direct.flatMap(name => [name, ...imports[name]!]))]
  }
  return imports
}

/** Rooms that know no input and output: those that no outer room comes before. */
const firstOuter = 'files'
const pure = Object.keys(mayImport).slice(0, Object.keys(mayImport).indexOf(firstOuter))

/** Rooms that may do input and output. */
const outer = Object.keys(mayImport).filter(room => !pure.includes(room))

/** What the package offers: modules that pass on what others export. */
const faces = ['index.ts', 'wire.ts', 'protocol.ts', 'capture.ts', 'session.ts']

/** What an action may import besides what the package exports: what ARCHITECTURE.md says below its table. */
const forActions = [
  'actions',
  ...readFileSync('ARCHITECTURE.md', 'utf8')
    .match(/^An action takes .*(?:\n.+)*/m)![0]
    .match(/(?<=`)[a-z]+(?=`)/g)!,
]

/** Packages that a pure room may import all the same, and where. */
const allowed: Record<string, readonly string[]> = {
  'node:crypto': ['crypto/tox-save.ts'],
  'libsodium-wrappers': ['crypto/sodium.ts'],
  chalk: ['view/theme.ts'],
  'cli-table3': ['view/stats/table.ts'],
  // Its main module on Node.js also writes files; this one does not.
  'hyparquet-writer/src/index.js': ['view/parquet/columns.ts', 'view/parquet/parquet-rows.ts'],
}

/** What reads a clock, chance or the process, and what browsers do not have, as it is written in code. */
const impure = [
  'process',
  'console',
  'performance',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'Date.now',
  'new Date()',
  'Math.random',
  'crypto.getRandomValues',
  'globalThis',
  'Buffer',
]

interface Source {
  /** Below src/, with slashes. */
  readonly path: string
  readonly room: string
  readonly text: string
  readonly imports: readonly string[]
  readonly tree: SourceFile
}

const sources = readdirSync('src', {recursive: true, encoding: 'utf8'})
  .filter(path => path.endsWith('.ts'))
  .map((path): Source => {
    const text = readFileSync(join('src', path), 'utf8')
    const imports = ts.preProcessFile(text, true, true).importedFiles.map(({fileName}) => fileName)
    return {
      ...{path, room: roomOf(path), text, imports},
      get tree() {
        return treeOf(join('src', path))
      },
    }
  })

/** The start of the program. */
const starts = readdirSync('bin', {encoding: 'utf8'})
  .filter(path => /\.m?[jt]s$/.test(path))
  .map(path => ({
    path: `bin/${path}`,
    get tree() {
      return treeOf(this.path)
    },
  }))

const exported = exportedNames()

afterAll(forgetProgram)

function roomOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : ''
}

const isRelative = (name: string): boolean => name.startsWith('.')

describe('rooms', () => {
  it('are all there, and no others', () => {
    const rooms = new Set(sources.map(({room}) => room).filter(room => room !== ''))
    expect([...rooms].sort()).toEqual(Object.keys(mayImport).sort())
  })

  it('import in one direction', () => {
    const wrong = sources.flatMap(({path, room, imports}) =>
      imports
        .filter(isRelative)
        .map(name => join(dirname(path), name))
        .filter(target => room !== '' && roomOf(target) !== room && !mayImport[room]?.includes(roomOf(target)))
        .map(target => `${path} imports ${target}`),
    )
    expect(wrong).toEqual([])
  })

  it('let actions take from those that know Tox only what the package exports', () => {
    const wrong = sources
      .filter(({room}) => room === 'actions')
      .flatMap(({path, tree}) =>
        namesImported(tree)
          .map(({from, name}) => ({target: join(dirname(path), from).replace(/\.js$/, '.ts'), name}))
          .filter(({target, name}) => !forActions.includes(roomOf(target)) && !exported.has(`${target} ${name}`))
          .map(({target, name}) => `${path} imports ${name} of ${target}`),
      )
    expect(wrong).toEqual([])
  })

  it('never import outside of src', () => {
    const wrong = sources.filter(({path, imports}) =>
      imports.filter(isRelative).some(name => join(dirname(path), name).startsWith('..')),
    )
    expect(wrong.map(({path}) => path)).toEqual([])
  })

  it('below actions and proxy know no input, output or framework', () => {
    const wrong = sources
      .filter(({room}) => room !== '' && !outer.includes(room))
      .flatMap(({path, imports}) =>
        imports
          .filter(name => !isRelative(name) && !allowed[name]?.includes(path))
          .map(name => `${path} imports ${name}`),
      )
    expect(wrong).toEqual([])
  })

  it('above them leave libsodium and chalk to their one importer, and oclif to the commands', () => {
    const wrong = sources
      .filter(({room}) => outer.includes(room))
      .flatMap(({path, room, imports}) =>
        imports
          .filter(name => /^(chalk|libsodium)/.test(name) || (name.startsWith('@oclif') && room !== 'commands'))
          .map(name => `${path} imports ${name}`),
      )
    expect(wrong).toEqual([])
  })

  it('below actions and proxy read no clock, no chance and no process, and use no Buffer', () => {
    const wrong = sources
      .filter(({room}) => room !== '' && !outer.includes(room))
      .flatMap(source => impureIn(source).map(what => `${source.path}: ${what}`))
    expect(wrong).toEqual([])
  })
})

/**
 * Files that write to standard output or standard error: all other text for the user goes through them. bin/start.mts
 * waits for the help that oclif writes.
 */
const writers = ['terminal/user-output.ts', 'terminal/io.ts', 'bin/start.mts']

/** Files that write to descriptors of files. */
const fileWriters = ['files/appended-file.ts', 'library/store/spilled-bytes.ts']

describe('text for the user', () => {
  it('is written in one place', () => {
    const streams = ['process.stdout.write', 'process.stderr.write', 'console']
    const wrong = [...sources, ...starts]
      .filter(({path}) => !writers.includes(path))
      .flatMap(({path, tree}) =>
        namesIn(tree)
          .filter(name => streams.includes(name) || (name === 'writeSync' && !fileWriters.includes(path)))
          .map(name => `${path}: ${name}`),
      )
    expect([...new Set(wrong)]).toEqual([])
  })

  it('is written as it is only in formats that have escapes of their own', () => {
    const mayWriteData = [
      'terminal/user-output.ts',
      'terminal/output.ts',
      'terminal/console-writer.ts',
      'terminal/pager.ts',
      // JSON, piece by piece.
      'actions/keys/show.ts',
      'actions/why.ts',
      // A script, of nothing but this program's text.
      'actions/completion.ts',
    ]
    const wrong = sources.filter(
      ({path, tree}) =>
        !mayWriteData.includes(path) && namesIn(tree).some(name => /^(io|out|output)\.data$/.test(name)),
    )
    expect(wrong.map(({path}) => path)).toEqual([])
  })
})

/** The memory of libsodium is never a Buffer. */
const mayCopyBySlice = ['src/crypto/sodium.ts']

describe('bytes', () => {
  it('are copied by copyOf: slice of a Buffer is a view, which keeps all of its memory', () => {
    const found = slicesOfBytes().filter(place => !mayCopyBySlice.some(file => place.startsWith(file)))
    expect(found).toEqual([])
  })
})

describe('modules', () => {
  it('do not import each other in a circle, types included', () => {
    expect(circles()).toEqual([])
  })
})

describe('files', () => {
  it('are no drawers for odds and ends', () => {
    const wrong = sources.filter(({path}) => /(^|\/)(utils?|helpers?|common|misc|shared|types)(\.ts|\/)/.test(path))
    expect(wrong.map(({path}) => path)).toEqual([])
  })

  it('are no barrels, except for the faces of the library', () => {
    const wrong = sources.filter(
      ({path, tree}) => !faces.includes(path) && (basename(path) === 'index.ts' || isBarrel(tree)),
    )
    expect(wrong.map(({path}) => path)).toEqual([])
  })

  it('are at most 15 in a folder, but for commands, whose names are those of their files', () => {
    const sizes = new Map<string, number>()
    for (const {path} of sources) sizes.set(dirname(path), (sizes.get(dirname(path)) ?? 0) + 1)
    const full = [...sizes].filter(([folder, size]) => size > 15 && folder !== 'commands')
    expect(full.map(([folder, size]) => `${folder} has ${size}: move files of one subject to their own`)).toEqual([])
  })

  it('are named in kebab-case', () => {
    expect(
      sources
        .map(({path}) => path)
        .filter(path => !/^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(path)),
    ).toEqual([])
  })

  it('put off nothing and silence no tool', () => {
    const wrong = sources.filter(
      ({text, tree}) =>
        /\b(TODO|FIXME|XXX)\b|@ts-(ignore|expect-error|nocheck)|biome-ignore/.test(text) || saysAny(tree),
    )
    expect(wrong.map(({path}) => path)).toEqual([])
  })
})

/** Circles of imports, each as the chain of files that leads back to its first. */
function circles(): string[] {
  const importsOf = new Map(
    sources.map(({path, imports}) => [
      path,
      imports.filter(isRelative).map(name => join(dirname(path), name).replace(/\.js$/, '.ts')),
    ]),
  )
  const found: string[] = []
  const done = new Set<string>()
  const visit = (path: string, chain: readonly string[]): void => {
    const at = chain.indexOf(path)
    if (at >= 0) found.push([...chain.slice(at), path].join(' > '))
    if (at >= 0 || done.has(path)) return
    for (const next of importsOf.get(path) ?? []) visit(next, [...chain, path])
    done.add(path)
  }
  for (const {path} of sources) visit(path, [])
  return found
}

/** Uses of impure globals: properties and declarations of the same name do not count. */
function impureIn({tree}: Source): string[] {
  const found: string[] = []
  const declared = new Set<string>()
  const visit = (node: Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length)
      found.push('new Date()')
    if (ts.isPropertyAccessExpression(node)) found.push(node.getText())
    if (ts.isIdentifier(node)) {
      const {parent} = node
      const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node
      const isName = 'name' in parent && parent.name === node
      if (isName && !isMember) declared.add(node.text)
      if (!isMember && !isName) found.push(node.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return [...new Set(found)].filter(what => impure.includes(what) && !declared.has(what))
}

/** Identifiers and chains of properties in a file, as written. */
function namesIn(tree: SourceFile): string[] {
  const names: string[] = []
  const visit = (node: Node): void => {
    if (ts.isPropertyAccessExpression(node)) names.push(node.getText())
    if (ts.isIdentifier(node)) names.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return names
}

function saysAny(node: Node): boolean {
  return node.kind === ts.SyntaxKind.AnyKeyword || (ts.forEachChild(node, saysAny) ?? false)
}

/** Names that a module imports from others of src, and those that it looks up in what import() gives. */
function namesImported(tree: SourceFile): {from: string; name: string}[] {
  const found: {from: string; name: string}[] = []
  const add = (from: Node, names: readonly string[]): void => {
    if (ts.isStringLiteral(from) && isRelative(from.text)) for (const name of names) found.push({from: from.text, name})
  }
  const visit = (node: Node): void => {
    if (ts.isImportDeclaration(node)) {
      const {namedBindings, name} = node.importClause ?? {}
      const names = namedBindings && ts.isNamedImports(namedBindings) ? namesOf(namedBindings.elements) : ['*']
      add(node.moduleSpecifier, name ? ['default', ...names] : names)
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0]!, namesLookedUp(node))
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

function namesOf(elements: readonly (ImportSpecifier | BindingElement | ExportSpecifier)[]): string[] {
  return elements.map(({propertyName, name}) => (propertyName ?? name).getText())
}

/** Names in `const {a, b} = await import()` and `(await import()).a`; `*` for all other uses. */
function namesLookedUp(call: CallExpression): readonly string[] {
  let user: Node = call.parent
  while (ts.isAwaitExpression(user) || ts.isParenthesizedExpression(user)) user = user.parent
  if (ts.isPropertyAccessExpression(user)) return [user.name.text]
  if (!ts.isVariableDeclaration(user)) return ['*']
  return ts.isObjectBindingPattern(user.name) ? namesOf(user.name.elements) : ['*']
}

/** What the modules pass on that other programs import, each as the file of src/ and the name there. */
function exportedNames(): ReadonlySet<string> {
  return new Set(
    sources
      .filter(({path}) => faces.includes(path))
      .flatMap(({tree}) =>
        tree.statements.flatMap(statement => {
          if (!ts.isExportDeclaration(statement) || !statement.exportClause) return []
          if (!ts.isNamedExports(statement.exportClause)) return []
          const from = statement.moduleSpecifier!.getText().slice(3, -4)
          return namesOf(statement.exportClause.elements).map(name => `${from}.ts ${name}`)
        }),
      ),
  )
}

/** Whether a module only passes on what others export. */
function isBarrel({statements}: SourceFile): boolean {
  return (
    statements.length > 0 &&
    statements.every(statement => ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined)
  )
}
