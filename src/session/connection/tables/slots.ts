import {noFindings} from '../../../expert/finding.js'
import type {SlotState} from '../../../protocol/lifecycle.js'
import {limits} from '../../../protocol/limits.js'
import type {Side} from '../../../wire/side.js'
import type {Inferred} from '../../inferred.js'
import {nothingFollows, type TableResult} from './table-result.js'

const states: readonly SlotState[] = ['free', 'registered', 'online', 'unknown']
const free = states.indexOf('free')

/** Whether the relay gave the id to a key. */
export const isTaken = (state: SlotState): boolean => state === 'registered' || state === 'online'

/** A disconnect notification that may still be on its way to the other side. */
export interface Leaving {
  readonly by: Side
  /** Nonce offset of its frame. */
  readonly index: number
  readonly micros: number | null
  /** What follows from a packet about the id that the other side sent before it read this. */
  readonly ordinary: TableResult
}

/**
 * State and key of each connection id of a client, by its slot. They lie in flat arrays: many packets look through all
 * of them, and an object for each of 240 ids costs more than their connection.
 */
export class Slots {
  /** Places in `states`. */
  readonly #states = new Uint8Array(limits.connectionIds)
  /** Key of each id, hex; undefined where nobody saw it. */
  readonly #keys: (string | undefined)[] = Array.from({length: limits.connectionIds})

  /** The latest disconnect notification about an id, by its slot. */
  readonly left = new Map<number, Leaving>()
  /** What follows from a packet about an id that breaks no rule, by its slot: one object for the millions of them. */
  readonly #ordinary = new Map<number, TableResult & {readonly inferred: Inferred}>()

  /** @param state of every slot. */
  constructor(state: SlotState) {
    this.setAll(state)
  }

  /** @returns unknown also for a number outside the table. */
  stateOf(slot: number): SlotState {
    return states[this.#states[slot] ?? -1] ?? 'unknown'
  }

  keyOf(slot: number): string | undefined {
    return this.#keys[slot]
  }

  /** The key behind an id is what follows from a packet about the id, if that breaks no rule. */
  ordinaryAt(slot: number): TableResult {
    const peer = this.#keys[slot]
    if (peer === undefined) return nothingFollows
    const known = this.#ordinary.get(slot)
    if (known?.inferred.peer === peer) return known
    const ordinary = {inferred: {peer}, findings: noFindings}
    this.#ordinary.set(slot, ordinary)
    return ordinary
  }

  set(slot: number, state: SlotState, key: string | undefined = this.#keys[slot]): void {
    this.#states[slot] = states.indexOf(state)
    this.#keys[slot] = key
  }

  /** The id is free again, and no key has it. */
  empty(slot: number): void {
    this.#states[slot] = free
    this.#keys[slot] = undefined
  }

  /** Keys stay. */
  setAll(state: SlotState): void {
    this.#states.fill(states.indexOf(state))
  }

  /** The first slot with a key whose state fits; -1: none. */
  findKey(key: string, fits: (state: SlotState) => boolean): number {
    for (let slot = this.#keys.indexOf(key); slot >= 0; slot = this.#keys.indexOf(key, slot + 1))
      if (fits(this.stateOf(slot))) return slot
    return -1
  }

  /** The first slot with a key that the relay gave it; -1: none. */
  findTaken(key: string): number {
    return this.findKey(key, isTaken)
  }

  /** The lowest free slot; -1: none. */
  get firstFree(): number {
    return this.#states.indexOf(free)
  }

  /** The lowest slot that the relay has certainly not given to a key; -1: none. */
  get firstNotTaken(): number {
    return this.#states.findIndex(state => !isTaken(states[state]!))
  }

  get areOnline(): boolean {
    return this.#states.includes(states.indexOf('online'))
  }

  /** Slots that are not free, or may not be. */
  get used(): number {
    let used = 0
    for (const state of this.#states) if (state !== free) used++
    return used
  }

  /** Whether a key may be behind a slot of which nobody saw the key. */
  get hideKeys(): boolean {
    return this.#keys.some((key, slot) => key === undefined && this.stateOf(slot) === 'unknown')
  }
}
