import {joinedConferences} from '../../session/conversation/limits.js'
import {asOne, type Joinable} from '../../session/conversation/same.js'

/** A conference, as far as it is known. */
export interface Conference extends Joinable<Conference> {
  /** Counts the conferences of a run from 1, in the order in which they are seen. */
  readonly number: number
  /** Its number, and those that it had before it turned out to be the same. */
  numbers: readonly number[]
  /** The same for all members, in hex. */
  id: string | undefined
  title: string | undefined
}

export const newConference = (number: number): Conference => ({
  ...{number, numbers: [number]},
  ...{id: undefined, title: undefined, same: undefined},
})

/** Makes two conferences that turned out to be the same one: the one with the lower number. */
export function joined(one: Conference, other: Conference): Conference {
  if (one === other) return one
  const [first, second] = asOne(one, other)
  first.id ??= second.id
  first.title ??= second.title
  first.numbers = [...first.numbers, ...second.numbers].slice(0, joinedConferences)
  return first
}

export const titleOf = ({number, title}: Conference): string => `conference ${title ?? number}`
