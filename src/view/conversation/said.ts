import {userStatusTexts} from '../../protocol/messenger/profile.js'
import {saidProfiles} from '../../session/conversation/limits.js'
import {BoundedMap} from '../../session/inner/bounded-map.js'
import {lastText} from '../../tree/headline.js'
import type {KeyText} from '../../wire/field.js'
import type {Window} from '../../wire/window.js'

/** What was said last on each subject, so that what says nothing new is left out. */
export class LastSaid {
  readonly #values = new BoundedMap<string, string>(saidProfiles)

  /**
   * Whether the value differs from the last one, which it is from now on.
   * @param subject who says it, to whom, of what.
   * @param first the value before anything was said; undefined: none, so that any is news.
   */
  isNews(subject: string, value: string, first?: string): boolean {
    const isNew = (this.#values.get(subject) ?? first) !== value
    this.#values.set(subject, value)
    return isNew
  }
}

/** A text in quotes, with all of its characters: who reads a conversation wants what was said, however long. */
export const quoted = (text: string): string => JSON.stringify(text)

/** `is away`. @param status the number in a packet. */
export const statusText = (status: number): string => `is ${userStatusTexts[status] ?? `of status ${status}`}`

/** Title and summary of a packet that has no words of its own in a conversation. */
export const summaryOf = (window: Window, keyText: KeyText): string =>
  `${window.type.title} ${lastText(window, keyText)}`.trimEnd()
