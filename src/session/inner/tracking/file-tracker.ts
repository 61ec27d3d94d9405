import {
  controlTransfer,
  isAboutAnother,
  streamSize,
  type TransferState,
} from '../../../protocol/messenger/file-transfer.js'
import {isPacket, packetFields} from '../../../protocol/table.js'
import {otherSide, type Side} from '../../../wire/side.js'
import type {Window} from '../../../wire/window.js'
import type {FilePart, SessionFacts} from '../../inferred.js'
import {BoundedMap} from '../bounded-map.js'
import * as limits from '../limits.js'

/** A file on its way in a session. */
interface Transfer extends TransferState {
  readonly number: number
  readonly name: string
  /** Bytes; null: a stream. */
  readonly size: number | null
  /** Offset of the next byte. */
  position: number
}

/** Follows the file transfers of sessions: packets of data do not say which bytes of the file they hold. */
export class FileTracker {
  /** By session, sender and file number. */
  readonly #transfers = new BoundedMap<string, Transfer>(limits.followedTransfers)
  /** Parts that were seen, by session, sender and packet number: one that is sent again is the same part. */
  readonly #parts = new BoundedMap<string, FilePart>(limits.rememberedPackets)
  #count = 0

  /**
   * @param content what a packet of a session carries.
   * @param number its packet number.
   * @param isNew whether it is seen for the first time.
   * @returns the file that it is about; undefined: none, or its offer was not seen.
   */
  take(content: Window, {log, side}: SessionFacts, number: number, isNew: boolean): FilePart | undefined {
    if (!content.type.name.startsWith('file_')) return undefined
    const place = `${log.number} ${side} ${number}`
    const known = this.#parts.get(place)
    if (known || !isNew) return known
    const part = this.#partOf(content, log.number, side)
    if (part) this.#parts.set(place, part)
    return part
  }

  #partOf(content: Window, session: number, side: Side): FilePart | undefined {
    const offer = packetFields(content, 'file_send_request')
    if (offer) {
      const size = offer.file_size === streamSize ? null : Number(offer.file_size)
      const isNew = {position: 0, isAccepted: false, isOver: false}
      const transfer: Transfer = {number: ++this.#count, name: offer.file_name, size, ...isNew}
      this.#transfers.set(`${session} ${side} ${offer.file_id}`, transfer)
      return partAt(transfer, null, 0)
    }
    if (isPacket(content, 'file_control')) {
      const control = packetFields(content, 'file_control')
      const owner = control?.transfer_direction === 1 ? otherSide(side) : side
      const transfer = this.#transfers.get(`${session} ${owner} ${control?.file_id}`)
      if (!control || !transfer || isAboutAnother(transfer, control)) return undefined
      transfer.position = controlTransfer(transfer, control) ?? transfer.position
      return partAt(transfer, null, 0)
    }
    const data = packetFields(content, 'file_data')
    const transfer = data && this.#transfers.get(`${session} ${side} ${data.file_id}`)
    // More than all of a file is of another one, whose offer was not seen.
    if (!data || !transfer || (data.data.length > 0 && transfer.position === transfer.size)) return undefined
    const part = partAt(transfer, transfer.position, data.data.length)
    transfer.position += data.data.length
    transfer.isOver ||= transfer.position === transfer.size
    return part
  }
}

const partAt = ({number, name, size}: Transfer, offset: number | null, length: number): FilePart => ({
  transfer: number,
  name,
  size,
  offset,
  length,
})
