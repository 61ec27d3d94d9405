import {thrownCharacters} from '../limits.js'

/**
 * Text for a value that a script threw. It may be anything: null, an object whose message is not text, one whose
 * properties throw when read. Never throws.
 */
export function thrownText(thrown: unknown): string {
  return (safely(() => textOf(thrown)) ?? 'a value that cannot be shown').slice(0, thrownCharacters)
}

/**
 * Whether an uncaught value was thrown by the user's script, or by a module that it imports. Stacks name modules by
 * URL, but the program itself, which is bundled, by plain paths; and the program throws and rejects with errors only.
 * (For a rejection with another value Node makes an error of its own.) Never throws.
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
