import {type LoneSegment, segmentIn} from '../../capture/tcp/lone-segment.js'
import {hostPort} from '../../protocol/text.js'
import {isWholePacket} from '../../session/recognition/interpretation.js'
import {copyOf} from '../../wire/bytes.js'
import {type ParsedHex, parseHex} from '../../wire/hex/hex.js'
import {linesOf} from '../../wire/hex/hex-lines.js'
import {parsePasted} from '../../wire/hex/pasted.js'
import {InputError} from '../../wire/input-error.js'
import {ipv4Text, ipv6Text} from '../../wire/text/address.js'
import {alternatives, countText} from '../../wire/text/phrases.js'

/** What a pasted text was understood as. */
export interface Understood {
  /** A sentence: `9 bytes from a decimal array`. */
  readonly sentence: string
  /** The text was nothing but hex digits, of one item, and can be nothing else. */
  readonly isPlain: boolean
  /** The text was base64, as names of files may be. */
  readonly isBase64: boolean
}

/** Most lines of hex that may be a packet each. */
const mostLines = 10_000

/**
 * What a pasted text holds: bytes as they were written; where they are packets of a network, the payloads of TCP; where
 * each line is a packet of its own, each of them.
 * @param isFree whether the bytes may be something else than what was pasted: nothing says what they are.
 * @throws InputError for a text that cannot be read, and for packets of a network that carry nothing.
 */
export function understand(text: string, isFree: boolean): Understood & {readonly pieces: readonly Uint8Array[]} {
  const parsed = parsePasted(text)
  const segments = isFree ? parsed.map(({bytes}) => segmentIn(bytes)).filter(found => found !== undefined) : []
  if (segments.length > 0 && segments.length === parsed.length) return payloads(segments, parsed[0]!)
  const lines = isFree ? packetLines(text, parsed) : undefined
  if (lines)
    return {
      pieces: lines,
      sentence: `${lines.length} packets from ${parsed[0]!.about}, one a line`,
      isPlain: false,
      isBase64: false,
    }
  const pieces = parsed.map(({bytes}) => bytes)
  const [first] = parsed
  if (parsed.length > 1)
    return {
      pieces,
      sentence: `${parsed.length} items of ${spread(pieces)} from ${several(first!.about)}`,
      isPlain: false,
      isBase64: false,
    }
  const other = first!.other && `; as ${first!.other.about} they would be ${shortened(first!.other.hex)}`
  const sentence = `${countText(first!.bytes.length, 'byte')} from ${first!.about}${other ?? ''}`
  const isPlain = first!.about === 'hex' && first!.other === undefined
  return {pieces, sentence, isPlain, isBase64: first!.form === 'base64'}
}

function payloads(segments: readonly LoneSegment[], {about, form}: ParsedHex) {
  const pieces = segments
    .map(({segment: {bytes, start, end}}) => copyOf(bytes, start, end))
    .filter(payload => payload.length > 0)
  const [first] = segments
  const source = `from ${first!.link} ${endsText(first!)} in ${about}`
  if (pieces.length === 0)
    throw new InputError(
      segments.length === 1
        ? `the TCP segment ${source} carries no bytes`
        : `none of the ${segments.length} TCP segments in ${several(about)} carries any bytes`,
      'give packets with a payload, or the bytes with --as packet',
      'bad-hex',
    )
  const count = `${segments.length} packets in ${several(about)}`
  const sentence =
    segments.length === 1
      ? `${countText(pieces[0]!.length, 'byte')} of TCP payload ${source}`
      : `${countText(pieces.length, 'TCP payload')} of ${spread(pieces)} from ${count}`
  return {pieces, sentence, isPlain: false, isBase64: segments.length === 1 && form === 'base64'}
}

function endsText({segment}: LoneSegment): string {
  const {version, addresses, sourceAt, destinationAt, sourcePort, destinationPort} = segment
  const end = (at: number, port: number): string =>
    hostPort({ip: version === 4 ? ipv4Text(addresses, at) : ipv6Text(addresses, at), port})
  return `${end(sourceAt, sourcePort)} > ${end(destinationAt, destinationPort)}`
}

/** The lines of bare hex or of base64, if each is a whole packet and all together are not. */
function packetLines(text: string, [first, ...others]: readonly ParsedHex[]): Uint8Array[] | undefined {
  if (others.length > 0 || !['hex', 'base64'].includes(first!.form) || isWholePacket(first!.bytes)) return undefined
  const packets: Uint8Array[] = []
  for (const {text: line} of linesOf(text)) {
    if (line.trim() === '') continue
    const bytes = packets.length < mostLines ? hexOf(line) : undefined
    if (bytes === undefined || !isWholePacket(bytes)) return undefined
    packets.push(bytes)
  }
  return packets.length < 2 ? undefined : packets
}

/** @returns undefined for a line that is not hex alone: a comment, half a byte. */
function hexOf(line: string): Uint8Array | undefined {
  try {
    return parseHex(line).bytes
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
}

/** `9 bytes`, `9 or 12 bytes`, `9 to 300 bytes`. */
function spread(pieces: readonly Uint8Array[]): string {
  const lengths = [...new Set(pieces.map(({length}) => length))].sort((a, b) => a - b)
  const [least] = lengths
  if (lengths.length === 1) return countText(least!, 'byte')
  return lengths.length < 4 ? `${alternatives(lengths.map(String))} bytes` : `${least} to ${lengths.at(-1)} bytes`
}

/** `a hex dump` becomes `hex dumps`, `an array of source code` becomes `arrays of source code`. */
const several = (about: string): string => about.replace(/^an? (.*?)( (?:of|with) .*)?$/, '$1s$2')

const shownDigits = 32
const shortened = (hex: string): string =>
  hex.length > shownDigits ? `${hex.slice(0, shownDigits)}..., ${hex.length / 2} bytes` : hex
