declare const ownMemory: unique symbol

/**
 * A value whose memory is its own. What is handed to a callback may lie in memory that is used again once the callback
 * returns: its type is T, which the type checker does not let stand where a kept value is asked for. A function that
 * copies gives one, or one that makes its value anew.
 */
export type Kept<T> = T & {readonly [ownMemory]: true}

/** Every byte of memory whose contents are over, in the test mode. */
export const poison = 0xdb

let isPoisoning = false

/**
 * The test mode: memory that is used again is overwritten as soon as its contents are over, so that reading them too
 * late is seen at once. It changes no result of a program that respects lifetimes.
 */
export function poisonFromNow(isOn: boolean): void {
  isPoisoning = isOn
}

/**
 * The contents of bytes[start, end) are over: nothing may read them any more. Whoever uses memory again says so here
 * first.
 */
export function over(bytes: Uint8Array, start = 0, end = bytes.length): void {
  if (isPoisoning) bytes.fill(poison, start, end)
}
