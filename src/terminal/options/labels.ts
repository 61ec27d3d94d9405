import {readBounded} from '../../files/bounded-file.js'
import {labelFileBytes} from '../../files/limits.js'
import {limits} from '../../protocol/limits.js'
import {isHex} from '../../wire/hex/is-hex.js'
import {InputError} from '../../wire/input-error.js'

/** Bytes of a key that a Tox ID begins with; nospam and checksum follow. */
const toxIdBytes = 38

/**
 * Names of peers by their keys in hex.
 * @param given each KEY=NAME, as --label takes it; KEY is a public key or a Tox ID.
 * @param files each with such a pair a line; empty lines and lines that begin with # are left out.
 * @throws InputError for a pair without a key, and for a file that cannot be read.
 */
export async function labelsOf(
  given: readonly string[],
  files: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const labels = new Map<string, string>()
  for (const file of files) {
    const text = Buffer.from(await readBounded(file, labelFileBytes)).toString()
    for (const [index, line] of text.split(/\r?\n/).entries()) {
      if (line.trim() !== '' && !line.trimStart().startsWith('#'))
        add(labels, line.trim(), `${file}, line ${index + 1}`)
    }
  }
  addGiven(labels, given)
  return labels
}

/** @throws InputError for what --label would refuse. */
export const checkLabels = (given: readonly string[]): void => addGiven(new Map(), given)

function addGiven(labels: Map<string, string>, given: readonly string[]): void {
  for (const pair of given) add(labels, pair, '--label')
}

function add(labels: Map<string, string>, pair: string, place: string): void {
  const at = pair.search(/[=\s]/)
  const key = pair.slice(0, at).toLowerCase()
  const name = pair.slice(at + 1).trim()
  if (at < 0 || name === '' || !(isHex(key, limits.publicKey) || isHex(key, toxIdBytes)))
    throw new InputError(
      `${place}: "${pair}" is not KEY=NAME`,
      'KEY is 64 hex digits of a public key, or a Tox ID',
      'bad-option',
    )
  labels.set(key.slice(0, limits.publicKey * 2), name)
}
