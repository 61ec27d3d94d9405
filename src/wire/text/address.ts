/** A decoded ip_port. ip: as RFC 5952 for IPv6. family: 2 UDP/IPv4, 10 UDP/IPv6, 130 TCP/IPv4, 138 TCP/IPv6. */
export interface IpPort {
  readonly family: number
  readonly ip: string
  readonly port: number
  /** Hex of the 12 bytes behind a padded IPv4 address, where they are not all zero. */
  readonly padding?: string
}

/** A packed node: where it is and its DHT public key (hex). */
export interface PackedNode extends IpPort {
  readonly pk: string
}

/** Dotted decimal text of the 4 bytes from `at`. */
export function ipv4Text(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`
}

/**
 * Text of the 16 bytes from `at` as in RFC 5952: lower case, no leading zeros, the longest run of two or more zero
 * groups (the first of equals) as `::`, and an IPv4-mapped address with its last 4 bytes dotted.
 */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  const groups: number[] = []
  for (let i = 0; i < 16; i += 2) groups.push((bytes[at + i]! << 8) | bytes[at + i + 1]!)
  if (groups[5] === 0xffff && groups.slice(0, 5).every(group => group === 0))
    return `::ffff:${ipv4Text(bytes, at + 12)}`
  const run = longestZeroRun(groups)
  const text = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map(group => group.toString(16))
      .join(':')
  return run.length < 2 ? text(0, 8) : `${text(0, run.start)}::${text(run.start + run.length, 8)}`
}

function longestZeroRun(groups: readonly number[]): {start: number; length: number} {
  let best = {start: 0, length: 0}
  for (let start = 0; start < groups.length; start++) {
    let end = start
    while (groups[end] === 0) end++
    if (end - start > best.length) best = {start, length: end - start}
  }
  return best
}

/** Read an IPv4 address: four decimal numbers 0..255 without leading zeros. @returns 4 bytes, or undefined. */
export function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined
  return Uint8Array.from(parts, Number)
}

/**
 * Read an IPv6 address in any form of RFC 4291 (`::`, dotted tail, either case).
 * @returns 16 bytes; undefined for anything else, also with brackets or a zone.
 */
export function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = ipv6Groups(halves[0]!, halves.length === 1)
  const tail = halves.length === 2 ? ipv6Groups(halves[1]!, true) : []
  if (!head || !tail) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail]
  return Uint8Array.from(groups.flatMap(group => [group >> 8, group & 0xff]))
}

function ipv6Groups(text: string, last: boolean): number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [i, part] of parts.entries()) {
    const dotted = last && i === parts.length - 1 ? parseIpv4(part) : undefined
    if (dotted) groups.push((dotted[0]! << 8) | dotted[1]!, (dotted[2]! << 8) | dotted[3]!)
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16))
    else return undefined
  }
  return groups
}
