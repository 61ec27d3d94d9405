import {execFileSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs'
import {basename, join} from 'node:path'
import {describe, expect, it} from 'vitest'

// Holds CONTRIBUTING.md's page on style: the worst turns of phrase, long lines, and names in comments that do not
// exist.

const roots = ['src', 'bin', 'scripts', 'README.md', 'ARCHITECTURE.md', 'SECURITY.md', 'CHANGELOG.md']

const files = roots.filter(existsSync).flatMap(filesIn)

function filesIn(path: string): string[] {
  if (statSync(path).isDirectory()) return readdirSync(path).flatMap(name => filesIn(join(path, name)))
  return /\.(ts|mts|mjs|js|md)$/.test(path) ? [path] : []
}

const patterns: readonly (readonly [RegExp, string])[] = [
  [/(?<!there )\b(is|are|was|were) no (?!longer|more)[a-z]+/, 'write "is not a"'],
  [
    /\b(stands?|stood|standing) (behind|before|in|for|at|on|there|so|above|below)\b/,
    'write "is", "follows" or "precedes"',
  ],
  [/\bbehind (it|them|this|that|each|all|which|a gap|the (gap|header|frame|handshake|first|last))\b/, 'write "after"'],
  [/\b(tells? of|is told|are told|was told|be told)\b/, 'write "reports" or "shows"'],
  [/\bso (many|much)\b(?! that)/, 'name the number'],
  [/\b(sp(eak|oke)|stand)s? for (Tox|it|little)\b/, 'write "suggests"'],
  [/\b(comes?|came) about\b/, 'write "there is"'],
  [/^[^?]*\b[Tt]ells? (a|all|an|the|who|which|whether|where)\b/, 'write "shows", "says" or "distinguishes"'],
  [/\bthe (MAC|nonce|key|data) is behind\b/, 'write "follows"'],
  [/\bfor want of\b|\bas a rule\b|\bthere is none\b|\bthat one\b(?! \w)|\blest\b/, 'use plain words'],
  [/\bit takes \d/, 'write "it needs"'],
  [/^\s*(\/\*\*|\*|\/\/) (Of|With|Behind) /, 'begin with a noun or a verb'],
]

/** The parts of a line that people read: comments, and texts of more than one word. */
function proseOf(line: string, isText: boolean): string {
  if (isText || /^\s*(\*|\/\/|\/\*)/.test(line)) return line
  return (line.match(/'[^']* [^']*'|"[^"]* [^"]*"|`[^`]* [^`]*`|\/\/ .*|\/\*.*/g) ?? []).join(' ')
}

const lines = files.flatMap(file =>
  readFileSync(file, 'utf8')
    .split('\n')
    .map((text, index) => ({text, place: `${file}:${index + 1}`, isText: file.endsWith('.md')})),
)

describe('prose', () => {
  it('avoids the turns of phrase that CONTRIBUTING.md lists', () => {
    const found = lines.flatMap(({text, place, isText}) =>
      patterns
        .filter(([pattern]) => pattern.test(proseOf(text, isText)))
        .map(([, advice]) => `${place}: ${advice}: ${text.trim()}`),
    )
    expect(found).toEqual([])
  })

  it('names only source files that exist', () => {
    const known = new Set([...files, ...filesIn('test')].map(file => basename(file)))
    const found = lines.flatMap(({text, place, isText}) =>
      [...proseOf(text, isText).matchAll(/(?<![-./\w*])[a-z0-9-]+(\.test)?\.m?ts\b/g)]
        .map(([name]) => name)
        .filter(name => !known.has(name))
        .map(name => `${place}: ${name}`),
    )
    expect(found).toEqual([])
  })
})

describe('lines', () => {
  it('have at most 120 columns in sources', () => {
    expect(lines.filter(({text, isText}) => !isText && text.length > 120).map(({place}) => place)).toEqual([])
  })
})

describe('the repository', () => {
  const known = new RegExp(
    `^(?:${[
      '(?:bin|docs|examples|fixtures|scripts|src|test|\\.ci)/.*',
      '\\.gitignore|\\.npmrc|LICENSE',
      '(?:ARCHITECTURE|CHANGELOG|CONTRIBUTING|README|SECURITY)\\.md',
      '(?:biome|knip|package|package-lock|tsconfig|tsconfig\\.build|typedoc)\\.json',
      'vitest\\.config\\.ts',
    ].join('|')})$`,
  )
  const held = existsSync('.git') ? execFileSync('git', ['ls-files'], {encoding: 'utf8'}).trimEnd().split('\n') : []
  it.skipIf(held.length === 0)('holds nothing that a test, a profiler or a crash left', () => {
    expect(held.filter(path => !known.test(path))).toEqual([])
    expect(held.filter(path => /(?:isolate-|perf\.data|core$)|\.(?:cpuprofile|heapsnapshot)$/.test(path))).toEqual([])
  })
})
