import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it, test} from 'vitest'

// Holds ARCHITECTURE.md and CONTRIBUTING.md to the code: a name that moves has to move there, too.

const architecture = readFileSync('ARCHITECTURE.md', 'utf8')
const contributing = readFileSync('CONTRIBUTING.md', 'utf8')

interface PackageFile {
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}
const {scripts, dependencies, devDependencies} = JSON.parse(readFileSync('package.json', 'utf8')) as PackageFile

/** The part of a page below a heading, up to the next of the same level. */
function below(page: string, heading: string): string {
  const start = page.indexOf(`\n${heading}\n`)
  if (start < 0) throw new Error(`no heading: ${heading}`)
  const level = heading.slice(0, heading.indexOf(' ') + 1)
  const end = page.indexOf(`\n${level}`, start + 1)
  return page.slice(start, end < 0 ? undefined : end)
}

/** What stands in backticks. */
const quotedIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, quoted]) => quoted!)

describe.each([
  ['ARCHITECTURE.md', architecture],
  ['CONTRIBUTING.md', contributing],
])('%s', (_, page) => {
  it('names only files and folders that exist', () => {
    const roots = /(?<![\w./-])(?:\.\/)?((?:bin|docs|examples|fixtures|scripts|src|test)\/[\w./-]*[\w/])/g
    const named = [...page.matchAll(roots)].map(([, path]) => path!)
    const inSources = quotedIn(page).filter(name => /^[\w-]+(\/[\w-]+)+\.ts$/.test(name))
    const sources = existing('src')
    const isThere = (path: string): boolean => existsSync(path) || sources.some(source => source.endsWith(`/${path}`))
    expect([...named, ...inSources].filter(path => !isThere(path))).toEqual([])
  })

  it('names only scripts that package.json has', () => {
    const named = [...page.matchAll(/\bnpm run (?:--\w+ )?([a-z]+)/g)].map(([, name]) => name!)
    expect(named.filter(name => !Object.hasOwn(scripts, name))).toEqual([])
  })
})

/** Files below a folder. */
const existing = (folder: string): string[] =>
  readdirSync(folder, {recursive: true, encoding: 'utf8'}).map(path => join(folder, path))

const folders = (path: string): string[] =>
  readdirSync(path, {withFileTypes: true}).flatMap(each => (each.isDirectory() ? [each.name] : []))

describe('the rooms', () => {
  it.each(folders('src'))('%s: its row names each of its folders, and no others', room => {
    const row = architecture.match(new RegExp(`^\\| \`${room}\` \\|.*$`, 'm'))?.[0] ?? ''
    const named = quotedIn(row).flatMap(name => (name.endsWith('/') ? [name.slice(0, -1)] : []))
    expect(named.toSorted()).toEqual(folders(`src/${room}`).toSorted())
  })
})

describe('the walk of one frame', () => {
  const rows = [...below(architecture, '## The walk of one frame').matchAll(/^\| ([a-z/, ]+) \| (.*) \|$/gm)]
    .map(([, rooms, step]) => ({rooms: rooms!, step: step!}))
    .filter(({rooms}) => rooms !== 'room')

  it.each(rows)('$rooms: names files of these rooms, and what is in them', ({rooms, step}) => {
    const quoted = quotedIn(step)
    const files = quoted.filter(name => name.endsWith('.ts'))
    const paths = files.map(file => ({file, path: pathOf(file, rooms.split(', '))}))
    expect(paths.filter(({path}) => path === undefined).map(({file}) => file)).toEqual([])
    const text = paths.map(({path}) => readFileSync(path!, 'utf8')).join('\n')
    const names = quoted
      .filter(name => !/\.ts$|\/$|^-/.test(name))
      .flatMap(name => name.replace(/\(.*\)$/, '').split('.'))
    expect(names.filter(name => !new RegExp(`(?<![\\w#])${name}\\b`).test(text))).toEqual([])
  })
})

/** Where a file of a row is: in one of the row's rooms, or, named with its own room, anywhere. */
function pathOf(file: string, rooms: readonly string[]): string | undefined {
  const inRooms = rooms.flatMap(room => existing(join('src', room)).filter(path => path.endsWith(`/${file}`)))
  return inRooms[0] ?? existing('src').find(path => path === join('src', file))
}

test('each dependency has its reason, and no other package has one', () => {
  const section = below(contributing, '## Why each dependency is there')
  const start = section.indexOf('To develop:')
  const inTable = (table: string): string[] =>
    [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, names]) => quotedIn(names!)).toSorted()
  expect(inTable(section.slice(0, start))).toEqual(Object.keys(dependencies).toSorted())
  expect(inTable(section.slice(start))).toEqual(Object.keys(devDependencies).toSorted())
})
