import {toHex} from '../../wire/hex/hex-bytes.js'
import type {KeyItem} from '../key-item.js'

/** A `.tox` save whose keys have opened nothing. */
export interface UnusedSave {
  readonly name: string
  /** Number of boxes that stayed sealed although they name one of its keys. */
  readonly named: number
}

/** The keys of one save, and what became of them. */
interface Save {
  readonly name: string
  /** Public keys of its identity and of its groups, and of its friends, in hex. */
  readonly own: ReadonlySet<string>
  readonly friends: ReadonlySet<string>
  named: number
  hasOpened: boolean
}

/** Follows which `.tox` saves have helped to open something. */
export class SaveUse {
  readonly #saves: Save[] = []
  /** Number of boxes, opened or not, of kinds that the keys of a save open. */
  boxes = 0

  /** @param name of the file. @param items its keys. */
  add(name: string, items: readonly KeyItem[]): void {
    const own = new Set<string>()
    const friends = new Set<string>()
    for (const item of items) {
      if (item.kind === 'secret_key' && item.publicKey) own.add(toHex(item.publicKey))
      else if (item.kind === 'friend_key') friends.add(toHex(item.publicKey))
    }
    this.#saves.push({name, own, friends, named: 0, hasOpened: false})
  }

  /** Whether there is a save to follow. */
  get isNeeded(): boolean {
    return this.#saves.length > 0
  }

  /**
   * A box or handshake opened.
   * @param names public keys, in hex, that it names.
   * @param found public key of its other half, in hex, where the box does not name it.
   */
  opened(names: readonly string[], found?: string): void {
    for (const save of this.#saves) {
      const helped = found !== undefined && (save.own.has(found) || (!names.includes(found) && save.friends.has(found)))
      save.hasOpened ||= helped || names.some(name => save.own.has(name))
    }
  }

  /** A box stayed sealed. @param names public keys, in hex, that it names. */
  stayedSealed(names: readonly string[]): void {
    for (const save of this.#saves) if (names.some(name => save.own.has(name))) save.named++
  }

  get unused(): readonly UnusedSave[] {
    return this.#saves.filter(({hasOpened}) => !hasOpened)
  }
}
