import {thrownCharacters} from '../limits.js'

/**
 * Text for a value that a script threw, which may be anything: null, an object whose message is not text, one whose
 * every property throws in turn. Never throws.
 */
export function thrownText(thrown: unknown): string {
  return (safely(() => textOf(thrown)) ?? 'a value that cannot be shown').slice(0, thrownCharacters)
}

/**
 * Whether a value that nobody caught was thrown by the user's script, or by what it imports. Those are modules, which
 * stacks name by URL; the program itself is bundled into scripts with plain paths, and throws and rejects with nothing
 * but errors. (For a rejection with another value node makes an error of its own.) Never throws.
 */
export const isThrownByScript = (thrown: unknown): boolean =>
  safely(() => {
    if (!(thrown instanceof Error)) return true
    const isOfModule = typeof thrown.stack === 'string' && thrown.stack.includes('file://')
    return isOfModule || ('code' in thrown && thrown.code === 'ERR_UNHANDLED_REJECTION')
  }) ?? true

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
