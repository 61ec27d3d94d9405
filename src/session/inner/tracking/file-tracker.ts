import {limits as protocolLimits} from '../../../protocol/limits.js'
import {
  controlTransfer,
  isAboutAnother,
  streamSize,
  type TransferState,
} from '../../../protocol/messenger/file-transfer.js'
import {isPacket, type PacketFields, packetFields} from '../../../protocol/table.js'
import {distance} from '../../../wire/integers.js'
import {otherSide, type Side} from '../../../wire/side.js'
import type {Window} from '../../../wire/window.js'
import type {FilePart, SessionFacts} from '../../inferred.js'
import {BoundedMap} from '../bounded-map.js'
import * as limits from '../limits.js'
import type {LosslessPackets} from './lossless-packets.js'

/** The place of a packet: its session, who sent it, and its number. */
interface Place {
  readonly session: number
  readonly side: Side
  readonly number: number
}

/** Data of a file. */
interface WaitingPart {
  /** Number of its packet. */
  readonly number: number
  readonly length: number
}

/** A file on its way in a session. */
interface Transfer extends TransferState {
  readonly number: number
  readonly name: string
  /** Bytes; null: a stream. */
  readonly size: number | null
  /** Number of the packet with its offer. */
  readonly offered: number
  /** The transfer that had its file number before: what was sent in it may come after the offer. */
  before: Transfer | undefined
  /** Offset of the byte after all parts whose offset is known. */
  position: number
  /** The other parts, in the order of their numbers. */
  readonly waiting: WaitingPart[]
  /** False once such parts were forgotten: then the offset of no later one is known. */
  isPlaced: boolean
  /** Number of the packet whose short data ends it; undefined: it has not come. */
  ended: number | undefined
  /** Whether all up to its last byte was sent. */
  isComplete: boolean
}

/** Follows the file transfers of sessions: packets of data do not say which bytes of the file they hold. */
export class FileTracker {
  /** By session, sender and file number. */
  readonly #transfers = new BoundedMap<string, Transfer>(limits.followedTransfers)
  /** Parts that were seen, by session, sender and packet number: one that is sent again is the same part. */
  readonly #parts = new BoundedMap<string, FilePart>(limits.rememberedPackets)
  #count = 0
  /** Transfers with parts that wait, the one that has waited for longest first. */
  readonly #waiting = new Set<Transfer>()
  /** Number of all these parts. */
  #waitingParts = 0

  /**
   * @param content what a packet of a session carries.
   * @param number its packet number.
   * @param isNew whether it is seen for the first time.
   * @param sent what is known of all packets of its sender.
   * @returns the file that it is about; undefined: none, or its offer was not seen.
   */
  take(
    content: Window,
    {log, side}: SessionFacts,
    number: number,
    isNew: boolean,
    sent: LosslessPackets,
  ): FilePart | undefined {
    if (!content.type.name.startsWith('file_')) return undefined
    const key = `${log.number} ${side} ${number}`
    const known = this.#parts.get(key)
    if (known || !isNew) return known
    const part = this.#partOf(content, {session: log.number, side, number}, sent)
    if (part) this.#parts.set(key, part)
    return part
  }

  #partOf(content: Window, place: Place, sent: LosslessPackets): FilePart | undefined {
    const {session, side, number} = place
    const offer = packetFields(content, 'file_send_request')
    if (offer) return partAt(this.#offer(offer, place), null, 0)
    if (isPacket(content, 'file_control')) {
      const control = packetFields(content, 'file_control')
      const owner = control?.transfer_direction === 1 ? otherSide(side) : side
      const transfer = this.#transfers.get(`${session} ${owner} ${control?.file_id}`)
      if (!control || !transfer || isAboutAnother(transfer, control)) return undefined
      transfer.position = controlTransfer(transfer, control) ?? transfer.position
      return partAt(transfer, null, 0)
    }
    const data = packetFields(content, 'file_data')
    const latest = data && this.#transfers.get(`${session} ${side} ${data.file_id}`)
    const transfer = latest && distance(number, latest.offered) < 0 ? latest.before : latest
    if (!data || !transfer) return undefined
    const {length} = data.data
    // What follows the end of a file is of another one, whose offer was not seen.
    const isAfterEnd = transfer.ended !== undefined && distance(number, transfer.ended) > 0
    if (length > 0 && (transfer.isComplete || isAfterEnd)) return undefined
    if (length < protocolLimits.fileData && !isAfterEnd) transfer.ended = number
    const offset = this.#offsetOf(transfer, {number, length}, sent)
    return partAt(transfer, offset, length)
  }

  #offer(offer: PacketFields<'file_send_request'>, {session, side, number}: Place): Transfer {
    const key = `${session} ${side} ${offer.file_id}`
    const before = this.#transfers.get(key)
    if (before) before.before = undefined
    const transfer: Transfer = {
      ...{number: ++this.#count, name: offer.file_name, offered: number, before},
      size: offer.file_size === streamSize ? null : Number(offer.file_size),
      ...{position: 0, waiting: [], isPlaced: true, isAccepted: false, isOver: false},
      ...{ended: undefined, isComplete: offer.file_size === 0n},
    }
    this.#transfers.set(key, transfer)
    return transfer
  }

  /** @returns the offset of a new part; null: packets before it, which may hold other data, were not seen. */
  #offsetOf(transfer: Transfer, part: WaitingPart, sent: LosslessPackets): number | null {
    if (!transfer.isPlaced) return null
    this.#wait(transfer, part)
    const {waiting} = transfer
    let offset: number | null = null
    let placed = 0
    for (const each of waiting) {
      if (!sent.hasAll(transfer.offered, each.number)) break
      if (each === part) offset = transfer.position
      transfer.position += each.length
      transfer.isComplete ||= each.number === transfer.ended || transfer.position === transfer.size
      placed++
    }
    transfer.isOver ||= transfer.isComplete
    this.#forget(transfer, placed)
    return offset
  }

  #wait(transfer: Transfer, part: WaitingPart): void {
    const after = transfer.waiting.findLastIndex(({number}) => distance(part.number, number) > 0)
    transfer.waiting.splice(after + 1, 0, part)
    this.#waiting.add(transfer)
    if (++this.#waitingParts <= limits.waitingParts) return
    const [oldest] = this.#waiting
    if (!oldest) return
    oldest.isPlaced = false
    this.#forget(oldest, oldest.waiting.length)
  }

  /** The first parts do not wait any more. */
  #forget(transfer: Transfer, count: number): void {
    transfer.waiting.splice(0, count)
    this.#waitingParts -= count
    if (transfer.waiting.length === 0) this.#waiting.delete(transfer)
  }
}

const partAt = ({number, name, size, isComplete}: Transfer, offset: number | null, length: number): FilePart => ({
  transfer: number,
  name,
  size,
  offset,
  length,
  isComplete,
})
