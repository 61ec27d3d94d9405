import {blockOption, interfaceOption} from '../../capture/formats/pcapng-options.js'
import type {CaptureInterface, Packet} from '../../capture/packet.js'
import {decryptionSecrets, enhancedPacket, interfaceDescription, sectionHeader} from '../../capture/write/writer.js'
import {keyLogLine, type LoggedItem} from '../../crypto/keylog.js'
import {secretsType} from '../../proxy/recording/recording-format.js'
import {captureItems} from '../../reading/capture-items.js'
import type {CaptureSource} from '../../reading/capture-source.js'
import {isMark} from '../../reading/part-marks.js'
import type {NumberSet} from '../../wire/memory/number-set.js'

/** Bytes of blocks that are written at a time. */
const pieceBytes = 1024 * 1024

/** Options of interfaces that do not hold for the copy, whose times are nanoseconds of 1970. */
const timeOptions: readonly number[] = [interfaceOption.resolution, interfaceOption.offset]

/** What a copy holds. */
export interface CopiedParts {
  /** By number. */
  readonly packets: NumberSet
  /** To embed, before all packets. */
  readonly keys: readonly LoggedItem[]
  /** Comments that packets get besides their own, by number: see part-marks.ts. */
  readonly comments: ReadonlyMap<number, readonly string[]>
}

/** Where the bytes of a copy go: a FileHandle, or standard output. */
export interface CopyTarget {
  writeFile(bytes: Uint8Array): Promise<void>
}

/**
 * Copies packets of captures into a pcapng file: their bytes, times, comments and flags, and what their interfaces are
 * called.
 */
export class CaptureCopy {
  /** Numbers of interfaces in the copy, by the description in the original or, without one, by the link type. */
  readonly #interfaces = new Map<CaptureInterface | number, number>()
  #pieces: Uint8Array[] = []
  #bytes = 0
  /**
   * Follows the first interface: Wireshark 4.0 looks for interfaces up to the first other block, and
   * editcap needs one.
   */
  #secrets: Uint8Array | undefined

  #comments: ReadonlyMap<number, readonly string[]> = new Map()

  constructor(readonly file: CopyTarget) {}

  /** Copy the packets of these captures, merged, that are chosen. */
  async write(sources: readonly CaptureSource[], {packets, keys, comments}: CopiedParts): Promise<void> {
    this.#comments = comments
    this.#add(sectionHeader({application: 'toxtcp'}))
    if (keys.length > 0)
      this.#secrets = decryptionSecrets(
        secretsType,
        new TextEncoder().encode(keys.map(key => `${keyLogLine(key)}\n`).join('')),
      )
    for await (const {items} of captureItems(sources, size => new Uint8Array(size))) {
      for (const item of items) if (item.kind === 'packet' && packets.has(item.number)) this.#packet(item)
      if (this.#bytes >= pieceBytes) await this.#flush()
    }
    await this.#flush()
  }

  #packet({number, bytes, start, end, time, originalLength, linkType, source, options}: Packet): void {
    let interfaceId = this.#interfaces.get(source ?? linkType)
    if (interfaceId === undefined) {
      interfaceId = this.#interfaces.size
      this.#interfaces.set(source ?? linkType, interfaceId)
      this.#add(
        interfaceDescription({
          linkType: Math.max(0, linkType),
          snaplen: source?.snaplen ?? 0,
          resolution: 9,
          options: source?.options.filter(([code]) => !timeOptions.includes(code)) ?? [],
        }),
      )
      if (this.#secrets) this.#add(this.#secrets)
      this.#secrets = undefined
    }
    this.#add(
      enhancedPacket({
        interfaceId,
        time: time ?? {micros: 0, nanos: 0},
        bytes: bytes.subarray(start, end),
        originalLength,
        resolution: 9,
        options: this.#optionsOf(number, options),
      }),
    )
  }

  /** The options of a packet, and its new marks in place of those that it has from an earlier copy. */
  #optionsOf(number: number, options: Packet['options']): Packet['options'] {
    const comments = this.#comments.get(number)
    if (!comments) return options
    const marks = comments.map(text => [blockOption.comment, new TextEncoder().encode(text)] as const)
    return [...options.filter(option => !isMark(option)), ...marks]
  }

  #add(block: Uint8Array): void {
    this.#pieces.push(block)
    this.#bytes += block.length
  }

  async #flush(): Promise<void> {
    await this.file.writeFile(Buffer.concat(this.#pieces))
    this.#pieces = []
    this.#bytes = 0
  }
}
