/** Bytes [start,end) of a half that are missing. */
export interface Hole {
  readonly start: number
  readonly end: number
}

/** Zeros in a row of which fewer may be a few empty frames. */
const leastHole = 20

/**
 * Where a raw half has zeros in the place of bytes that were lost, as tcpflow and a file with holes have. Sealed bytes
 * are zero so often in a row once in 2^160; a handshake has clear fields, which may be zero.
 * @param head bytes of the handshake that the half begins with; 0: none.
 */
export function holesIn(bytes: Uint8Array, head: number): Hole[] {
  const holes: Hole[] = []
  for (let at = bytes.indexOf(0, head); at >= 0; ) {
    let end = at + 1
    while (bytes[end] === 0) end++
    // The first byte of a frame is mostly zero, and then the last of these.
    if (end - at > leastHole) holes.push({start: at, end: end === bytes.length ? end : end - 1})
    at = bytes.indexOf(0, end)
  }
  return holes
}
