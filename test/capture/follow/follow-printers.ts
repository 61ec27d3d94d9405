import type {FollowSegment} from '../../../src/capture/follow/follow.js'

/** Prints a conversation as Wireshark's window saves it; no command-line tool does that. */
const pair = (byte: number): string => byte.toString(16).padStart(2, '0')
const shown = (bytes: Uint8Array): string =>
  [...bytes].map(byte => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')

function* rowsOf(bytes: Uint8Array, width: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += width) yield bytes.subarray(start, start + width)
}

/** `gap`: blanks before the text column, 2 in older versions and 4 in newer ones. */
export function wiresharkHex(segments: readonly FollowSegment[], gap: number): string {
  const sent = [0, 0]
  const lines: string[] = []
  for (const {end, bytes} of segments) {
    for (const row of rowsOf(bytes, 16)) {
      const offset = sent[end]!.toString(16).toUpperCase().padStart(8, '0')
      const hex = `${[...row.subarray(0, 8)].map(pair).join(' ')}  ${[...row.subarray(8)].map(pair).join(' ')}`.padEnd(
        47 + gap,
      )
      lines.push(`${end === 1 ? '    ' : ''}${offset}  ${hex}${shown(row.subarray(0, 8))} ${shown(row.subarray(8))}`)
      sent[end]! += row.length
    }
  }
  return `${lines.join('\n')}\n`
}

export function wiresharkArrays(segments: readonly FollowSegment[]): string {
  const counts = [0, 0]
  return segments
    .map(({end, bytes, packet}) => {
      const rows = [...rowsOf(bytes, 8)].map(row => [...row].map(byte => `0x${pair(byte)}`).join(', '))
      return `char peer${end}_${counts[end]!++}[] = { /* Packet ${packet} */\n${rows.join(', \n')} };\n`
    })
    .join('')
}

const base64Lines = (bytes: Uint8Array, indent: string): string =>
  [...rowsOf(bytes, 57)].map(row => `${indent}${Buffer.from(row).toString('base64')}\n`).join('')

/** The YAML of Wireshark 3 and before. */
export function wiresharkOldYaml(segments: readonly FollowSegment[]): string {
  const counts = [0, 0]
  return segments
    .map(
      ({end, bytes, packet}) =>
        `# Packet ${packet}\npeer${end}_${counts[end]!++}: !!binary |\n${base64Lines(bytes, '  ')}`,
    )
    .join('')
}

export function yaml(segments: readonly FollowSegment[]): string {
  const peers =
    'peers:\n  - peer: 0\n    host: 10.0.0.1\n    port: 1\n  - peer: 1\n    host: fe80::1\n    port: 2\npackets:\n'
  return (
    peers +
    segments
      .map(({end, bytes, packet, time}, index) => {
        const stamp =
          time === null
            ? ''
            : `    timestamp: ${Math.floor(time.micros / 1e6)}.${String(time.micros % 1e6).padStart(6, '0')}${String(time.nanos).padStart(3, '0')}\n`
        return `  - packet: ${packet}\n    peer: ${end}\n    index: ${index}\n${stamp}    data: !!binary |\n${base64Lines(bytes, '      ')}`
      })
      .join('')
  )
}

export function text2pcap(segments: readonly FollowSegment[]): string {
  return segments
    .map(({end, bytes}) => {
      const rows = [...rowsOf(bytes, 16)].map(
        (row, i) => `${(i * 16).toString(16).padStart(6, '0')} ${[...row].map(pair).join(' ')}\n`,
      )
      return `${end === 0 ? 'O' : 'I'} 2026-11-23T01:50:00.123456789Z\n${rows.join('')}${bytes.length.toString(16).padStart(6, '0')}\n`
    })
    .join('\n')
}
