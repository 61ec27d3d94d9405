import {readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'

/** Which word of a line of a key log is secret, by its label. */
const secretWords: Readonly<Record<string, number>> = {
  TOX_SECRET_KEY: 2,
  TOX_TCP_SESSION: 3,
  TOX_CRYPTO_SESSION: 3,
  TOX_SHARED_KEY: 3,
}

/** The secret keys of a key log, in hex. */
export const secretsOfLog = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .map(line => line.split(/\s+/))
    .flatMap(words => words[secretWords[words[0]!] ?? words.length] ?? [])
    .filter(word => /^[0-9a-f]{64}$/.test(word))

/** A secret in each form that it might be written in. */
function formsOf(secret: string): Buffer[] {
  if (!/^[0-9a-f]{64}$/.test(secret))
    return [Buffer.from(secret), Buffer.from(Buffer.from(`user:${secret}`).toString('base64'))]
  const bytes = Buffer.from(secret, 'hex')
  const base64 = bytes.toString('base64').slice(0, 42)
  return [bytes, Buffer.from(secret), Buffer.from(secret.toUpperCase()), Buffer.from(base64)]
}

/** The secrets that bytes have, with where they were. */
export const found = (secrets: readonly string[], places: ReadonlyMap<string, Uint8Array>): string[] =>
  [...places].flatMap(([place, content]) =>
    secrets
      .filter(secret => formsOf(secret).some(form => Buffer.from(content).includes(form)))
      .map(one => `${place}: ${one}`),
  )

/**
 * What runs printed, and the files that they made in a folder.
 * @param own names of files that are given, or are for secrets.
 */
export function everything(
  folder: string,
  printed: readonly (readonly [string, string])[],
  own: readonly string[],
): Map<string, Uint8Array> {
  const places = new Map<string, Uint8Array>()
  for (const [line, text] of printed) places.set(line, Buffer.from(text))
  for (const name of readdirSync(folder, {recursive: true, encoding: 'utf8'})) {
    const path = join(folder, name)
    if (!own.includes(name) && statSync(path).isFile()) places.set(name, readFileSync(path))
  }
  return places
}
