/** Prints bytes in the forms that tools use: the writing half of the round trips. */
const pair = (byte: number): string => byte.toString(16).padStart(2, '0')
const shown = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')

function rows<T>(bytes: Uint8Array, width: number, print: (row: number[], offset: number) => T): T[] {
  const out: T[] = []
  for (let offset = 0; offset < bytes.length; offset += width)
    out.push(print([...bytes.subarray(offset, offset + width)], offset))
  return out
}

const text = (row: number[]): string => row.map(shown).join('')

function halves(row: number[]): string {
  return `${row.slice(0, 8).map(pair).join(' ')}${row.length > 8 ? `  ${row.slice(8).map(pair).join(' ')}` : ''}`
}

export const joined =
  (separator: string, mark = '') =>
  (bytes: Uint8Array) =>
    [...bytes].map(byte => mark + pair(byte)).join(separator)

export const xxd = (group: number, columns: number) => (bytes: Uint8Array) =>
  rows(bytes, columns, (row, offset) => {
    const groups: string[] = []
    for (let i = 0; i < columns; i += group)
      groups.push(
        row
          .slice(i, i + group)
          .map(pair)
          .join('')
          .padEnd(group * 2),
      )
    return `${offset.toString(16).padStart(8, '0')}: ${groups.join(' ')}  ${text(row)}`
  }).join('\n')

export const hexdumpC = (bytes: Uint8Array) =>
  [
    ...rows(
      bytes,
      16,
      (row, offset) => `${offset.toString(16).padStart(8, '0')}  ${halves(row).padEnd(48)}  |${text(row)}|`,
    ),
    bytes.length.toString(16).padStart(8, '0'),
  ].join('\r\n')

export const hexdumpWords = (bytes: Uint8Array) => {
  const words = rows(bytes, 16, (row, offset) => {
    const out: string[] = []
    for (let i = 0; i < row.length; i += 2) out.push(pair(row[i + 1] ?? 0) + pair(row[i] ?? 0))
    return `${offset.toString(16).padStart(7, '0')} ${out.join(' ')}`
  })
  return [...words, bytes.length.toString(16).padStart(7, '0')].join('\n')
}

export const odX1z = (bytes: Uint8Array) =>
  [
    ...rows(
      bytes,
      16,
      (row, offset) => `${offset.toString(16).padStart(6, '0')} ${row.map(pair).join(' ').padEnd(47)}  >${text(row)}<`,
    ),
    bytes.length.toString(16).padStart(6, '0'),
  ].join('\n')

export const wiresharkPacket = (gap: number) => (bytes: Uint8Array) =>
  rows(
    bytes,
    16,
    (row, offset) =>
      `${offset.toString(16).padStart(4, '0')}  ${row.map(pair).join(' ').padEnd(47)}${' '.repeat(gap)}${text(row)}`,
  ).join('\n')

export const wiresharkFollow = (bytes: Uint8Array) =>
  rows(bytes, 16, (row, offset) => {
    const column = `${text(row.slice(0, 8))} ${text(row.slice(8))}`.trimEnd()
    return `${offset.toString(16).toUpperCase().padStart(8, '0')}  ${halves(row).padEnd(48)}  ${column}`
  }).join('\n')

export const cArray = (bytes: Uint8Array) =>
  `/* a packet */\nunsigned char packet[${bytes.length}] = {\n  ${joined(', ', '0x')(bytes)}\n}; // end`
export const rustArray = (bytes: Uint8Array) => `let packet: [u8; ${bytes.length}] = [${joined(', ', '0x')(bytes)}];`
export const decimals = (bytes: Uint8Array) => `[${[...bytes].join(', ')}]`

export const pythonRepr = (bytes: Uint8Array) =>
  `b'${[...bytes].map(byte => (byte === 0x5c || byte === 0x27 ? `\\${shown(byte)}` : byte === 0x0a ? '\\n' : byte >= 0x20 && byte < 0x7f ? shown(byte) : `\\x${pair(byte)}`)).join('')}'`
