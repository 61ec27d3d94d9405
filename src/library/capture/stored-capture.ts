import type {CaptureSummary} from '../../reading/capture-run.js'
import type {SessionRecord} from '../../session/record.js'
import {RecordStore} from '../store/record-store.js'
import type {CaptureReading} from './capture-reading.js'

/** What is asked while a capture is put into a store. */
export interface StoringSteps {
  /** Told of each record once the store has it; it may not be kept. */
  readonly added?: ((record: SessionRecord) => void) | undefined
  /** Told how many bytes of all sources have been read. */
  readonly progress?: ((bytes: number) => void) | undefined
  /** Called between blocks. */
  readonly between?: (() => Promise<void>) | undefined
  /** Asked between blocks: false ends the reading. */
  readonly isWanted?: (() => boolean) | undefined
}

/** The records of a capture, kept so that each can be looked at again. Reading goes on while they are looked at. */
export class StoredCapture {
  readonly store: RecordStore
  readonly #reading: CaptureReading

  /** @param reading whose sources are as `keptOpen` makes them. */
  constructor(reading: CaptureReading) {
    this.#reading = reading
    this.store = new RecordStore(() => reading.keyring.box)
  }

  /** Read all, once. */
  read({added, ...steps}: StoringSteps = {}): Promise<CaptureSummary> {
    const {store} = this
    return this.#reading.run({
      ...steps,
      block: ({bytes, place}) => store.block(bytes, place),
      onKey: (connection, item) => store.key(connection, item),
      take: record => {
        store.add(record)
        added?.(record)
        return true
      },
    })
  }
}
