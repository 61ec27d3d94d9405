import {limits as protocolLimits} from '../../protocol/limits.js'
import {
  controlTransfer,
  isAboutAnother,
  streamSize,
  type TransferState,
} from '../../protocol/messenger/file-transfer.js'
import {packetFields} from '../../protocol/table.js'
import {copyOf} from '../../wire/bytes.js'
import {BoundedMap} from '../inner/bounded-map.js'
import * as limits from './limits.js'
import type {Spoken} from './spoken.js'

/** One file on its way from one peer to another. */
export interface Transfer extends TransferState {
  /** Counts the transfers of a run from 1, in the order of their offers. */
  readonly number: number
  readonly fileId: number
  readonly name: string
  /** Bytes; undefined for a stream, which ends when its sender says so. */
  readonly size: number | undefined
  /** Offset of the first byte that is sent: its receiver may have those before it from an earlier transfer. */
  start: number
  /** Bytes that the receiver has then. */
  received: number
  isComplete: boolean
  /** Number of the packet that ends a stream. */
  ended: number | undefined
  /** Number of the packet with its offer; null: not known. */
  readonly offered: number | null
  /** The transfer that had its file number before: what was sent in it may come after the offer, as after a gap. */
  before: Transfer | undefined
  /** Data by packet number; undefined where it is not kept. */
  readonly parts: Map<number, Uint8Array> | undefined
}

/** Follows file transfers. */
export class Transfers {
  readonly #keepsData: boolean
  readonly #open = new BoundedMap<string, Transfer>(limits.transfers)
  /** Those whose data is kept. */
  readonly all: Transfer[] = []
  #count = 0
  #kept = 0
  #keptParts = 0
  /** Bytes that were not kept because of the bounds. */
  dropped = 0
  /** Transfers that were not kept because of the bound. */
  droppedTransfers = 0

  constructor({keepsData}: {readonly keepsData: boolean}) {
    this.#keepsData = keepsData
  }

  /** The transfer that a packet is about, brought up to date; undefined for another packet. */
  take(spoken: Spoken): Transfer | undefined {
    const {sender, receiver, packet, number, session, isFileComplete = true} = spoken
    const offer = packetFields(packet, 'file_send_request')
    if (offer) return this.#offer(nameOf(session, sender, receiver, offer.file_id), offer, number)
    const control = packetFields(packet, 'file_control')
    const transfer = this.find(spoken)
    if (control) {
      const sought = transfer && controlTransfer(transfer, control)
      if (transfer && sought !== undefined) transfer.start = transfer.received = sought
      return transfer
    }
    const part = packetFields(packet, 'file_data')
    if (!part || !transfer || transfer.isComplete) return transfer
    // c-toxcore hands over no more than the offer says.
    const data = transfer.size === undefined ? part.data : part.data.subarray(0, transfer.size - transfer.received)
    transfer.received += data.length
    if (number !== null) this.#keep(transfer, number, data)
    if (transfer.size === undefined && part.data.length < protocolLimits.fileData) transfer.ended = number ?? undefined
    // Before the end of a stream, packets may be missing that hold some of it.
    transfer.isComplete =
      transfer.size === undefined ? transfer.ended !== undefined && isFileComplete : transfer.received >= transfer.size
    transfer.isOver ||= transfer.isComplete
    return transfer
  }

  /** The transfer that a control packet or data belongs to. */
  find({sender, receiver, packet, session, number}: Spoken): Transfer | undefined {
    const control = packetFields(packet, 'file_control')
    const part = control ?? packetFields(packet, 'file_data')
    const isOfTaker = control?.transfer_direction === 1
    const [owner, taker] = isOfTaker ? [receiver, sender] : [sender, receiver]
    const transfer = part && this.#open.get(nameOf(session, owner, taker, part.file_id))
    // Nobody accepts what is over, and more than all of a file is of another one: its offer was not seen.
    if (control ? transfer && isAboutAnother(transfer, control) : transfer?.isOver && transfer.isComplete)
      return undefined
    if (isOfTaker || number === null || !transfer || transfer.offered === null) return transfer
    if (transfer.ended !== undefined && number > transfer.ended && !control) return undefined
    return number < transfer.offered ? transfer.before : transfer
  }

  #offer(
    key: string,
    offer: {file_id: number; file_name: string; file_size: bigint},
    offered: number | null,
  ): Transfer {
    const isKept = this.#keepsData && this.all.length < limits.exportedTransfers
    const transfer: Transfer = {
      number: ++this.#count,
      fileId: offer.file_id,
      name: offer.file_name,
      size: offer.file_size === streamSize ? undefined : Number(offer.file_size),
      ...{start: 0, received: 0, isAccepted: false, isOver: false},
      isComplete: offer.file_size === 0n,
      ...{offered, before: this.#open.get(key), ended: undefined},
      parts: isKept ? new Map() : undefined,
    }
    if (transfer.before) transfer.before.before = undefined
    this.#open.set(key, transfer)
    if (isKept) this.all.push(transfer)
    else if (this.#keepsData) this.droppedTransfers++
    return transfer
  }

  #keep({parts}: Transfer, number: number, data: Uint8Array): void {
    if (!parts || data.length === 0) return
    if (this.#kept + data.length > limits.exportedBytes || this.#keptParts >= limits.exportedParts) {
      this.dropped += data.length
      return
    }
    this.#kept += data.length
    this.#keptParts++
    parts.set(number, copyOf(data))
  }
}

/** What a transfer has in common only with itself: with its session, c-toxcore drops those that are not complete. */
const nameOf = (session: number | undefined, owner: string | null, taker: string | null, id: number): string =>
  `${session} ${owner} ${taker} ${id}`
