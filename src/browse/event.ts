import type {CaptureCounters} from '../capture/counters.js'
import type {Interception, InterceptionEffect} from './interception.js'

/**
 * A key by its name: the character that it types, or a word: `up`, `pageup`, `home`, `enter`, `escape`, `tab`,
 * `backspace`, `delete`, `space`, `f1`, with `ctrl-`, `alt-` or `shift-` before it.
 */
export type Key = string

/** What a whole capture held. */
export interface Totals {
  readonly counters: CaptureCounters
  /** TCP connections that are not Tox. */
  readonly others: number
}

/** What happens outside of the model. */
export type BrowseEvent =
  | {readonly kind: 'key'; readonly key: Key}
  /** Text that was pasted, not typed. */
  | {readonly kind: 'paste'; readonly text: string}
  | {readonly kind: 'mouse'; readonly x: number; readonly y: number; readonly action: 'press' | 'up' | 'down'}
  | {readonly kind: 'resize'; readonly width: number; readonly height: number}
  /** How far the capture is read: a share from 0 to 1, undefined: not known. */
  | {readonly kind: 'progress'; readonly share: number | undefined}
  /** The capture was read to its end. */
  | {readonly kind: 'loaded'; readonly totals?: Totals}
  /** What a proxy holds or was ordered has changed. */
  | {readonly kind: 'interception'; readonly interception: Interception}
  /** A sentence for the user. */
  | {readonly kind: 'notice'; readonly text: string; readonly isProblem: boolean}

/** What the model asks of the outside. */
export type Effect =
  | InterceptionEffect
  | {readonly kind: 'quit'}
  | {readonly kind: 'suspend'}
  | {readonly kind: 'redraw'}
  /** Put a text into the clipboard. @param what it is, in words. */
  | {readonly kind: 'copy'; readonly text: string; readonly what: string}
  /** Write the capture packets of records to a new capture file. @param places of the records. */
  | {readonly kind: 'write'; readonly path: string; readonly places: Iterable<number>; readonly hasKeys: boolean}
  /** Keep a filter for the next run. */
  | {readonly kind: 'remember'; readonly filter: string}
