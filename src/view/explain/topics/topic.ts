import type {Page} from '../page.js'

/** Contents of an explanation, as `--json` prints it: names in snake_case, null for unknown values. */
export type Facts = {
  readonly [key: string]:
    | Facts
    | readonly Facts[]
    | readonly (string | number)[]
    | readonly (readonly number[])[]
    | string
    | number
    | boolean
    | null
}

type TopicKind = 'type' | 'field' | 'rule' | 'limit' | 'filter_name' | 'group' | 'reference'

/** Something that can be explained. */
export interface Topic {
  readonly kind: TopicKind
  /** The name that it is asked for by. */
  readonly name: string
  readonly facts: Facts
  /** Writes the whole explanation. */
  write(page: Page): void
  /** One line, for a name with several explanations of a kind. */
  readonly brief: string
}
