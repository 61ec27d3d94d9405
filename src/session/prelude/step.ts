import {latin1Text} from '../../wire/bytes.js'
import {u16be} from '../../wire/integers.js'
import type {Prelude} from '../prelude.js'

/** One request to a proxy and its answer; `bytes` are those of this step alone. */
export type DialogueStep = Prelude

export const latin1 = (bytes: Uint8Array, most: number): string => latin1Text(bytes.subarray(0, most))

/** A name from the wire, without anything that a terminal acts on. */
export const printable = (text: string): string => text.replace(/[^\x21-\x7e]/g, '?')

/** `host:port`, the port being 2 bytes at an offset. */
export const withPort = (host: string, bytes: Uint8Array, at: number): string => `${host}:${u16be(bytes, at)}`
