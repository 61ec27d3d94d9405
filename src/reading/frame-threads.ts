import type {Peers} from '../expert/peers.js'
import type {ConnectionSink} from '../session/connection-sink.js'
import type {Forgotten} from '../session/inner/inner-world.js'
import type {SessionRecord} from '../session/record.js'
import type {RelayedOptions} from '../session/relayed/relayed-world.js'
import type {InnerTally} from '../statistics/inner-tally.js'
import type {Tally} from '../statistics/tally.js'
import type {InputError} from '../wire/input-error.js'

/** What becomes of records. */
export interface RecordOptions {
  /** Each record, in order; where records are counted, only those of which more must be known. */
  readonly emit: (record: SessionRecord) => void
  readonly peers?: Peers | undefined
  readonly tally?: Tally | undefined
  /** Counts, with `tally`, what is inside packets. */
  readonly inner?: InnerTally | undefined
  /** Bytes of each plaintext that are looked at, and none as they are on the wire; undefined: all. */
  readonly plaintext?: number | undefined
  readonly relayed: RelayedOptions
}

/** Where a block was read, so that another thread can read it again. */
export interface Place {
  /** Name of the file, for messages. */
  readonly name: string
  /** Its descriptor. */
  readonly file: number
  readonly offset: number
}

/** Other threads that open and decode what the connections of a capture carry. */
export interface FrameThreads extends ConnectionSink {
  /** Why nothing of the capture's rest can be opened. What came before is still emitted. */
  readonly problem: InputError | undefined
  /** What was forgotten of the packets inside packets. */
  readonly forgotten: Forgotten
  /** Memory for the next block of the capture: this many bytes, or more. */
  room(size: number): Uint8Array
  /** The chunks that follow are mostly ranges of this block. @param place undefined: it cannot be read again. */
  begin(block: Uint8Array, place?: Place): void
  /** The proxy has noted something on this packet of the block: its records and later ones of its connection matter. */
  note(packet: number): void
  /** The block is through: no chunk of it comes later. Records of it or of earlier blocks may be emitted by then. */
  flush(): Promise<void>
  /** Nothing more comes; every record is emitted when this is done. */
  finish(): Promise<void>
  /** Ends at once. Files may be closed when this is done. */
  stop(): Promise<void>
}
