import {readdirSync, readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {commands} from '../../../src/commands/program/table.js'

interface Manifest {
  readonly commands: Readonly<Record<string, ManifestCommand>>
}

interface ManifestCommand {
  readonly aliases: readonly string[]
  readonly hiddenAliases: readonly string[]
  readonly args: Readonly<Record<string, {readonly multiple?: boolean; readonly required?: boolean}>>
  readonly flags: Readonly<Record<string, ManifestFlag>>
  readonly summary?: string
  readonly examples?: readonly unknown[]
}

interface ManifestFlag {
  readonly char?: string
  readonly type: 'boolean' | 'option'
  readonly multiple?: boolean
  readonly allowNo?: boolean
  readonly options?: readonly string[]
  readonly default?: unknown
  readonly aliases?: readonly string[]
  readonly description?: string
}

const manifest: Manifest = JSON.parse(readFileSync('oclif.manifest.json', 'utf8'))
const entries = Object.entries(manifest.commands)

/** What a command line may be made of, a line each. */
function surfaceOf([id, {aliases, hiddenAliases, args, flags}]: [string, ManifestCommand]): string {
  const lines = [
    ...[...aliases, ...hiddenAliases].map(alias => `alias ${alias}`),
    ...Object.entries(args).map(
      ([name, {multiple, required}]) => `arg ${name}${multiple ? ', many' : ''}${required ? ', required' : ''}`,
    ),
    ...Object.entries(flags).map(([name, flag]) => flagLine(name, flag)),
  ]
  return [id.replaceAll(':', ' '), ...lines.map(line => `  ${line}`)].join('\n')
}

function flagLine(
  name: string,
  {char, type, multiple, allowNo, options, default: usual, aliases}: ManifestFlag,
): string {
  const parts = [
    `${char ? `-${char} ` : ''}--${allowNo ? '[no-]' : ''}${name}`,
    ...(type === 'option' ? [options ? options.join('|') : 'TEXT'] : []),
    ...(multiple ? ['many'] : []),
    ...(usual === undefined ? [] : [`default ${String(usual)}`]),
    ...(aliases ?? []).map(alias => `alias --${alias}`),
  ]
  return parts.join(', ')
}

describe('the command line', () => {
  it('is what scripts depend on', async () => {
    await expect(`${entries.map(surfaceOf).join('\n\n')}\n`).toMatchFileSnapshot('__snapshots__/surface.txt')
  })

  it('has every command that there is a module for', () => {
    const modules = readdirSync('src/commands', {recursive: true, encoding: 'utf8'})
      .filter(
        file => file.endsWith('.ts') && readFileSync(`src/commands/${file}`, 'utf8').includes('export default class'),
      )
      .map(file => file.slice(0, -'.ts'.length).replaceAll('/', ':'))
    expect(Object.keys(commands).sort()).toEqual(modules.sort())
    expect(entries.map(([id]) => id).sort()).toEqual(modules)
  })

  it.each(entries)(
    '%s describes itself, its arguments and its flags, and gives examples',
    (_, {summary, examples, flags}) => {
      expect(summary).toMatch(/^[A-Z].*\.$/)
      expect(examples).not.toHaveLength(0)
      for (const {description} of Object.values(flags)) expect(description).toMatch(/[^.]$/)
    },
  )

  it.each(entries)('%s lets no repeatable flag take the arguments behind it', (id, {flags}) => {
    const command = commands[id as keyof typeof commands]
    for (const [name, {multiple}] of Object.entries(flags))
      if (multiple) expect(command.flags).toHaveProperty([name, 'multipleNonGreedy'], true)
  })

  it('is in the table of the README, but for what completion scripts call', () => {
    const readme = readFileSync('README.md', 'utf8')
    const missing = entries
      .map(([id]) => `toxtcp ${id.replaceAll(':', ' ')}`)
      .filter(command => !readme.includes(`| \`${command}`) && !readme.includes(`, \`${command}\``))
    expect(missing, 'commands without a row in the README').toEqual(['toxtcp complete'])
  })

  it.each(entries)('%s leaves standard input to the action', (id, {args}) => {
    const command = commands[id as keyof typeof commands]
    for (const name of Object.keys(args)) expect(command.args).toHaveProperty([name, 'ignoreStdin'], true)
  })
})
