import {data, opaque, text, uint, uint64, when} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {excerpt} from '../text.js'

const common = {layer: 'crypto_data', sentBy: ['client', 'relay']} as const

/** A file size that says: until the sender ends it. */
export const streamSize = 2n ** 64n - 1n

export const fileSendRequest = packet({
  ...common,
  name: 'file_send_request',
  id: 80,
  cToxcore: 'PACKET_ID_FILE_SENDREQUEST',
  title: 'FileSendRequest',
  about: 'Offers a file. Nothing is sent before the receiver accepts it.',
  fields: {
    file_id: uint('File number', "Of the sender's transfers to this friend.", 1),
    file_type: uint('Type', '0 data, 1 avatar; newer c-toxcore also 2 sticker, 3 SHA-1, 4 SHA-256.', 4),
    file_size: uint64('Size', 'Bytes; 2^64 - 1: a stream, which ends when the sender says so.'),
    file_unique_id: opaque('File id', 'Names the file over several transfers; of an avatar its hash.', 32),
    file_name: text('Name', 'As the sender has it; not a path to trust.', {min: 0, max: limits.fileName}),
  },
  summary: p =>
    `#${p.file_id} ${excerpt(p.file_name)}, ${p.file_size === streamSize ? 'a stream' : `${p.file_size} bytes`}`,
  source: 'c-toxcore Messenger.c m_handle_packet_file_sendrequest; tox-rs FileSendRequest',
})

/** The type of a file that is the picture of its sender. c-toxcore TOX_FILE_KIND_AVATAR. */
export const avatarType = 1

/** What a control byte asks for. */
export const fileControls = ['accept', 'pause', 'kill', 'seek'] as const

/** Fields of a control packet that move a transfer. */
interface Control {
  readonly transfer_direction: number
  readonly control_type: number
  readonly position: bigint | null
}

/** How far a transfer is. */
export interface TransferState {
  /** Bytes; undefined or null: a stream. */
  readonly size: number | null | undefined
  isAccepted: boolean
  /** Whether all of it was sent, or one of the peers ended it. */
  isOver: boolean
}

/**
 * Whether a control packet is about a transfer whose offer was not seen, and not about the one that had its file number
 * before: nobody accepts what is over.
 */
export function isAboutAnother({isOver}: TransferState, {transfer_direction, control_type}: Control): boolean {
  const what = fileControls[control_type]
  return isOver && transfer_direction === 1 && (what === 'accept' || what === 'seek')
}

/**
 * Brings a transfer up to date with a control packet about it.
 * @returns the offset of the byte that comes next, where its receiver asks for another one. c-toxcore ignores that of
 *   the sender, after the transfer was accepted and beyond its end (Messenger.c handle_filecontrol).
 */
export function controlTransfer(transfer: TransferState, control: Control): number | undefined {
  const what = fileControls[control.control_type]
  if (what === 'kill') transfer.isOver = true
  if (control.transfer_direction !== 1) return undefined
  if (what === 'accept') transfer.isAccepted = true
  const position = Number(control.position)
  const isTaken = what === 'seek' && !transfer.isAccepted && position < (transfer.size ?? Number.POSITIVE_INFINITY)
  return isTaken ? position : undefined
}

export const fileControl = packet({
  ...common,
  name: 'file_control',
  id: 81,
  cToxcore: 'PACKET_ID_FILE_CONTROL',
  title: 'FileControl',
  about: 'Accepts, pauses, ends a transfer, or begins it in the middle.',
  fields: {
    transfer_direction: uint(
      'Whose file',
      '0: of the sender of this packet. 1: of its receiver. c-toxcore takes all values but 1 as 0.',
      1,
      [[0, 1]],
    ),
    file_id: uint('File number', 'Of the side that sends the file.', 1),
    control_type: uint('Control', '0 accept, 1 pause, 2 kill, 3 seek.', 1, [[0, fileControls.length - 1]]),
    position: when('control_type', [3], uint64('Position', 'First byte that is wanted; only with seek.')),
  },
  summary: p => {
    const owner = p.transfer_direction === 1 ? 'receiver' : 'sender'
    const place = p.position === null ? '' : `, byte ${p.position}`
    return `${fileControls[p.control_type] ?? p.control_type} #${p.file_id} of the ${owner}${place}`
  },
  source: 'c-toxcore Messenger.c m_handle_packet_file_control; tox-rs FileControl',
})

export const fileData = packet({
  ...common,
  name: 'file_data',
  id: 82,
  cToxcore: 'PACKET_ID_FILE_DATA',
  title: 'FileData',
  about: 'The next bytes of a file. Less than 1371 bytes end it. The offset follows from the packets before.',
  fields: {
    file_id: uint('File number', 'As in the offer.', 1),
    data: data('Data', 'Of the file.', {min: 0, max: limits.fileData}),
  },
  summary: p => `#${p.file_id}`,
  source: 'c-toxcore Messenger.c m_handle_packet_file_data; tox-rs FileData',
})
