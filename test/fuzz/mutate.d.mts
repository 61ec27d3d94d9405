export const mostBytes: number

/** A changed copy of an input. */
export function mutated(
  input: Uint8Array,
  next: () => number,
  from: {readonly inputs: readonly Uint8Array[]; readonly words: readonly Uint8Array[]},
): Uint8Array
