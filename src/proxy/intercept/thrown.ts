import {thrownCharacters} from '../limits.js'

/**
 * Text for a value that a script threw, which may be anything: null, an object whose message is not text, one whose
 * every property throws in turn. Never throws.
 */
export function thrownText(thrown: unknown): string {
  return (safely(() => textOf(thrown)) ?? 'a value that cannot be shown').slice(0, thrownCharacters)
}

/** Whether a value is an error whose stack names a module, by its URL. Never throws. */
export const isFromModule = (thrown: unknown): boolean =>
  safely(() => thrown instanceof Error && typeof thrown.stack === 'string' && thrown.stack.includes('file://')) ?? true

function textOf(thrown: unknown): string | undefined {
  const text: unknown = thrown instanceof Error ? thrown.message : String(thrown)
  return typeof text === 'string' ? text : undefined
}

function safely<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}
