import type {Page} from './page.js'

/** What an explanation holds, as `--json` prints it: names in snake_case, what is unknown null. */
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
  /** As it is asked for. */
  readonly name: string
  readonly facts: Facts
  /** In full. */
  write(page: Page): void
  /** In one line, where several of one kind have the name. */
  readonly brief: string
}
