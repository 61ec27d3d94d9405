import type {StreamEvent} from '../capture/stream-event.js'
import type {KeyItem} from '../crypto/key-item.js'
import type {Keyring} from '../crypto/keyring/keyring.js'
import {loadSodium} from '../crypto/sodium.js'
import {recordedRelay} from '../proxy/recording/recording-format.js'
import type {ConnectionSink} from '../session/connection-sink.js'
import type {Dispatcher} from '../session/recognition/dispatcher.js'
import type {PartMarks} from './part-marks.js'

/**
 * Hands TCP streams and the keys between them on, in their order. What follows a first key in a block waits until
 * libsodium is loaded.
 */
export class TcpStreams {
  /** What waits; undefined: nothing has to. */
  #held: (() => void)[] | undefined

  constructor(
    readonly dispatcher: Dispatcher,
    readonly sink: ConnectionSink,
    readonly keyring: Keyring,
    readonly marks: PartMarks,
  ) {}

  add(events: readonly StreamEvent[]): void {
    for (const event of events) {
      if (this.#held) this.#held.push(() => this.#pass(event))
      else this.#pass(event)
    }
  }

  key(item: KeyItem, source: string): void {
    if (!this.keyring.box) this.#held ??= []
    if (this.#held) this.#held.push(() => this.sink.key(item, source))
    else this.sink.key(item, source)
  }

  /** The block is through: what waited goes on. */
  async settle(): Promise<void> {
    const held = this.#held
    if (!held) return
    this.keyring.box ??= await loadSodium()
    this.#held = undefined
    for (const step of held) step()
  }

  #pass(event: StreamEvent): void {
    switch (event.kind) {
      case 'chunk':
        this.dispatcher.chunk(event.chunk)
        break
      case 'open': {
        const {ends, hasSyn, time, hardware} = event.opened
        const known = this.marks.of(ends)
        // Not a spread: such an object has a hidden class of its own, and these live as long as their connections.
        this.dispatcher.open(event.connection, {
          ends,
          hasSyn,
          time,
          relayEnd: known ? known.relayEnd : recordedRelay(hardware),
          part: known?.part,
        })
        break
      }
      case 'conflict':
        this.dispatcher.conflict(event.conflict)
        break
      case 'over':
        this.dispatcher.over(event.connection)
    }
  }
}
