import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it, test} from 'vitest'
import {type FileUse, fileAdvice} from '../../src/files/errors/file-advice.js'
import {fileError} from '../../src/files/errors/file-error.js'
import {testAsRoot} from '../as-root.js'
import {shell} from '../commands/program.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-advice-'))
const at = (...names: string[]): string => join(folder, ...names)
const isRoot = process.geteuid?.() === 0
/** A user that may read nothing of root's. */
const nobody = 65_534

beforeAll(() => {
  chmodSync(folder, 0o755)
  writeFileSync(at('file'), '')
  symlinkSync('loop', at('loop'))
  mkdirSync(at('closed'))
  for (const name of ['sealed', 'closed/file']) writeFileSync(at(name), 'x')
  if (isRoot) for (const name of ['sealed', 'closed', 'closed/file']) chownSync(at(name), nobody, nobody)
  chmodSync(at('sealed'), 0)
  chmodSync(at('closed'), 0)
})
afterAll(() => {
  chmodSync(at('closed'), 0o700)
  rmSync(folder, {recursive: true})
})

/** The hint of the error that opening a file brings. */
function hintOf(use: FileUse, path: string): string | undefined {
  try {
    closeSync(openSync(path, use === 'read' ? 'r' : 'w'))
  } catch (error) {
    return fileError(error, use, path).hint
  }
  throw new Error(`${path} was opened`)
}

describe('a file that cannot be opened', () => {
  it.each<[FileUse, string[], string]>([
    ['read', ['file', 'x'], `${at('file')} is a file`],
    ['read', ['file', ''], `${at('file')} is a file`],
    ['write', ['file', 'x', 'y'], `${at('file')} is a file`],
    ['read', ['loop'], `ls -l ${at('loop')} shows where it leads`],
    ['write', [], `name a file in it: ${at('FILE')}`],
    ['write', ['no', 'x'], `mkdir -p ${at('no')}`],
  ])('is named with what can be done: %s %j', (use, names, hint) => {
    expect(hintOf(use, `${at(...names)}${names.at(-1) === '' ? '/' : ''}`)).toBe(hint)
  })

  it.each([
    ['EROFS', 'findmnt shows which are read-only'],
    ['ENOSPC', 'df -h shows which file system is full'],
    ['EDQUOT', 'df -h shows which file system is full'],
    ['EMFILE', 'ulimit -n 4096 allows more'],
  ])('for a cause that lies outside of it, is named with a program that shows the cause: %s', (code, hint) => {
    expect(fileAdvice(code, 'write', at('file'))).toContain(hint)
  })
})

/** What toxtcp says of a line, run without the rights of root. */
async function saidTo(line: string): Promise<string> {
  const user = isRoot ? `setpriv --reuid=${nobody} --regid=${nobody} --clear-groups ` : ''
  return (
    await shell(line.replace('toxtcp', `${user}$NODE $TOXTCP`), {
      env: {NODE: process.execPath, TOXTCP: 'bin/run.js', TOXTCP_CONFIG: ''},
    })
  ).stderr
}

describe.runIf(process.platform === 'linux')('what may not be opened', () => {
  test.each([
    ['read', 'sealed', 'chmod u+r', 'sealed'],
    ['read', 'closed/file', 'chmod u+x', 'closed'],
    ['read fixtures/demo/capture.pcap -w', 'closed/new', 'chmod u+x', 'closed'],
  ])('is shown with the line that allows it: %s %s', async (command, name, hint, closed) => {
    expect(await saidTo(`toxtcp ${command} ${at(name)}`)).toMatch(
      `${at(name)}: permission denied\n    ${hint} ${at(closed)}\n`,
    )
  })

  testAsRoot('is named with its owner where it belongs to somebody else', async () => {
    chmodSync(at('file'), 0o600)
    expect(await saidTo(`toxtcp read ${at('file')}`)).toMatch(
      `    ${at('file')} belongs to root: ls -ld ${at('file')} shows who may read it\n`,
    )
    expect(await saidTo(`toxtcp keys make --out ${at('new.keys')}`)).toMatch(
      `    ${folder} belongs to root: ls -ld ${folder} shows who may write it\n`,
    )
  })
})
