import {data, list, opaque, struct, uint, uint64} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

const common = {layer: 'crypto_data', sentBy: ['client', 'relay']} as const

const item = struct('Item', 'One setting of the call.', {
  kind: uint('Kind', '1 request, 2 error, 3 capabilities.', 1, [[1, 3]]),
  size: uint('Size', 'Bytes of the value: 1 in all known kinds.', 1, [[1, 1]]),
  value: uint(
    'Value',
    'Request: 0 init, 1 push, 2 pop. Error: 0 to 7. Capabilities: 4 sends, 16 receives audio; 8, 32 video.',
    1,
  ),
})

/** Begins a call, answers or changes it, ends it. */
export const callRequests = {init: 'init', push: 'push', pop: 'pop'} as const
const requests = Object.values(callRequests)

/** What one side of a call does, by the bits that say so. c-toxcore msi.h MSICapabilities. */
const capabilities: readonly (readonly [bit: number, verb: string, medium: string])[] = [
  [4, 'sends', 'audio'],
  [8, 'sends', 'video'],
  [16, 'receives', 'audio'],
  [32, 'receives', 'video'],
]

/** The capabilities of who pauses a call: none. */
export const pausedCall = 0

/** `sends audio, receives audio and video`. */
export function capabilitiesText(bits: number): string {
  const texts = ['sends', 'receives'].flatMap(verb => {
    const media = capabilities.filter(([bit, of]) => of === verb && (bits & bit) !== 0).map(([, , medium]) => medium)
    return media.length === 0 ? [] : [`${verb} ${media.join(' and ')}`]
  })
  return texts.length === 0 ? 'sends and receives nothing' : texts.join(', ')
}

/** Number of the error of who gets a message of a call that it does not have. */
const stray = 4
/** c-toxcore msi.h MSIError. */
const errors = [
  ...['none', 'invalid message', 'invalid parameter', 'invalid state'],
  ...['stray message', 'system', 'handle', 'undisclosed'],
]

/** What a message says; of a kind that comes twice, the last counts, as in c-toxcore. */
interface MsiMessage {
  /** `init`, `push`, `pop`, `request 3`. */
  readonly request: string | undefined
  /** In words; undefined: it has none. */
  readonly error: string | undefined
  /** Whether the error says that its sender has no such call. */
  readonly isStray: boolean
  readonly capabilities: number | undefined
}

export function msiMessage({items}: {readonly items: readonly {kind: number; value: number}[]}): MsiMessage {
  const lastOf = (wanted: number) => items.findLast(({kind}) => kind === wanted)?.value
  const [request, error] = [lastOf(1), lastOf(2)]
  return {
    request: request === undefined ? undefined : (requests[request] ?? `request ${request}`),
    error:
      error === undefined ? undefined : `error ${error}${errors[error] === undefined ? '' : ` (${errors[error]})`}`,
    isStray: error === stray,
    capabilities: lastOf(3),
  }
}

export const msi = packet({
  ...common,
  name: 'msi',
  id: 69,
  cToxcore: 'PACKET_ID_MSI',
  title: 'Msi',
  about: 'Begins, changes and ends a call. tox-rs numbers the requests from 1, c-toxcore from 0.',
  fields: {
    items: list('Items', 'Settings, in any order.', {of: item, min: 1, max: limits.msiItems, endsAt: 0}),
    end: uint('End', 'A zero byte after the last item.', 1, [[0, 0]]),
  },
  summary: p => {
    const {request, error, capabilities: bits} = msiMessage(p)
    return [request, error, bits === undefined ? undefined : capabilitiesText(bits)].filter(Boolean).join(', ')
  },
  source: 'c-toxcore msi.c msg_parse_in; tox-rs Msi',
})

/** The header of c-toxcore's RTP packets, 80 bytes. */
const rtp = {
  version: uint('Version and flags', 'As in RFC 3550: 0x80.', 1),
  payload_type: uint('Payload type', 'Marker bit, and 64 + 128 (audio 192) or video 193, modulo 128.', 1),
  sequence: uint('Sequence number', 'Of the frame.', 2),
  timestamp: uint('Timestamp', 'Milliseconds.', 4),
  ssrc: uint('SSRC', 'Of the sender.', 4),
  flags: uint64('Flags', '1 large frame (offsets of 32 bits count), 2 key frame.'),
  offset: uint('Offset', 'Of this part in the frame.', 4),
  frame_length: uint('Frame length', 'Bytes of the whole frame.', 4),
  received_length: uint('Received length', 'Used by the receiver; 0 on the wire.', 4),
  unused: opaque('Unused', 'Zero.', 44),
  offset_low: uint('Offset, low', 'The low 16 bits of the offset.', 2),
  frame_length_low: uint('Frame length, low', 'The low 16 bits of the frame length.', 2),
}

const media = data('Payload', 'Opus or VP8.', {min: 0, max: limits.cryptoData - 81})

export const audioFrame = packet({
  ...common,
  name: 'audio_frame',
  id: 192,
  cToxcore: 'RTP_TYPE_AUDIO',
  title: 'AudioFrame',
  about: 'Sound of a call, lossy.',
  fields: {...rtp, payload: media},
  summary: p => `#${p.sequence}`,
  source: 'c-toxcore rtp.c rtp_receive_packet',
})

export const videoFrame = packet({
  ...common,
  name: 'video_frame',
  id: 193,
  cToxcore: 'RTP_TYPE_VIDEO',
  title: 'VideoFrame',
  about: 'A part of a picture of a call, lossy.',
  fields: {...rtp, payload: media},
  summary: p => `#${p.sequence}, at ${p.offset} of ${p.frame_length}`,
  source: 'c-toxcore rtp.c rtp_receive_packet',
})

export const bandwidth = packet({
  ...common,
  name: 'bandwidth',
  id: 196,
  cToxcore: 'BWC_PACKET_ID',
  title: 'Bandwidth',
  about: 'How much of a call arrived, lossy.',
  fields: {
    lost: uint('Lost', 'Bytes that did not arrive since the last report.', 4),
    received: uint('Received', 'Bytes that arrived since the last report.', 4),
  },
  summary: p => `${p.lost} lost, ${p.received} received`,
  source: 'c-toxcore bwcontroller.c bwc_handle_packet',
})
