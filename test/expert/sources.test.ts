import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {ruleTable} from '../../src/expert/rules.js'
import {protocolLimits} from '../../src/protocol/limits.js'
import {types} from '../../src/protocol/table.js'

/** Names that each source file declares, by the file's path. */
function declaredIn(project: string): ReadonlyMap<string, ReadonlySet<string>> {
  const lines = readFileSync(`fixtures/sources/${project}.txt`, 'utf8').trim().split('\n')
  return new Map(
    lines.map(line => {
      const [path, names] = line.split(': ') as [string, string]
      return [path, new Set(names.split(' '))]
    }),
  )
}

const projects: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>> = new Map(
  ['c-toxcore', 'tox-rs', 'libsodium'].map(project => [project, declaredIn(project)]),
)
const isDeclared = (project: string, name: string, path = ''): boolean =>
  [...projects.get(project)!].some(([file, names]) => file.endsWith(path) && names.has(name))

/**
 * Names of a citation that are not in the sources. A citation is a list of `PROJECT FILE NAME, NAME, FILE NAME`, with
 * remarks in parentheses; tox-rs names may go without a file.
 */
function unknownNames(citation: string): string[] {
  return citation
    .replace(/ \([^)]*\)/g, '')
    .split('; ')
    .flatMap(part => {
      if (part === '-' || /^spec\.md "[^"]+"$/.test(part)) return []
      const [project = '', ...words] = part.split(/,? /)
      if (!projects.has(project)) return [part]
      let file = project === 'c-toxcore' ? 'no file' : ''
      return words.flatMap(word => {
        if (!/\.(c|h|rs)$/.test(word)) return isDeclared(project, word, file) ? [] : [`${project} ${file} ${word}`]
        file = `/${word}`
        return [...projects.get(project)!.keys()].some(path => path.endsWith(file)) ? [] : [`${project} ${word}`]
      })
    })
}

const namesIn = (expression: string | undefined): string[] => expression?.match(/[A-Za-z_]\w+/g) ?? []

/** Citations by name that the lists do not have. */
const wrongIn = (cited: readonly (readonly [name: string, citation: string])[]): string[] =>
  cited.flatMap(([name, citation]) =>
    unknownNames(citation).map(unknown => `${name} cites "${unknown}", which no list in fixtures/sources has`),
  )

test('every function and type that a rule cites is declared in the sources', () => {
  expect(wrongIn([...ruleTable].map(([code, {source}]) => [code, source]))).toEqual([])
})

test('every function and type that a packet type cites is declared in the sources', () => {
  expect(wrongIn(types.map(({name, source}) => [name, source]))).toEqual([])
})

test('every constant that a packet type is known as is declared in the sources', () => {
  const constants = types.flatMap(({cToxcore}) => cToxcore ?? [])
  expect(constants).toContain('TCP_PACKET_PING')
  expect(constants.filter(name => !isDeclared('c-toxcore', name))).toEqual([])
})

test('every constant that a limit is known as is declared in the sources', () => {
  const unknown = Object.entries(protocolLimits).flatMap(([limit, {cToxcore, toxRs}]: [string, Names]) => [
    ...namesIn(cToxcore)
      .filter(name => !isDeclared('c-toxcore', name))
      .map(name => `${limit}: c-toxcore ${name}`),
    ...namesIn(toxRs)
      .filter(name => !isDeclared('tox-rs', name))
      .map(name => `${limit}: tox-rs ${name}`),
  ])
  expect(unknown).toEqual([])
})

interface Names {
  readonly cToxcore?: string
  readonly toxRs?: string
}

test('an invented name is found', () => {
  expect(unknownNames('c-toxcore TCP_server.c handle_tcp_pong; tox-rs handle_pong_response')).toEqual([
    'c-toxcore /TCP_server.c handle_tcp_pong',
  ])
})
