import type {PaneName} from '../layout.js'
import type {BrowserState} from '../state.js'

/** Parts of the list of keys. */
export type KeyGroup = 'Moving' | 'Jumping' | 'Panes' | 'Choosing' | 'Understanding' | 'Taking away' | 'Live' | 'Pages'

/** What a key does. The list of keys that `?` shows is made of these. */
export interface Binding {
  /** Names of keys, as events have them. */
  readonly keys: readonly string[]
  readonly group: KeyGroup
  /** What it does, as a phrase. */
  readonly about: string
  /** The panes that it works in; undefined: all. `page`: on a page over the panes. */
  readonly where?: readonly (PaneName | 'page')[]
  /** @param count the number that was typed before it. */
  run(browser: BrowserState, count: number | undefined): void
}
