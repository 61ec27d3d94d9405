import {Chalk} from 'chalk'

export type ColorLevel = 0 | 1 | 2 | 3
export type Paint = (text: string) => string

/** Colours by meaning. At level 0 each returns its text unchanged. */
export interface Theme {
  readonly isPlain: boolean
  readonly head: Paint
  readonly number: Paint
  readonly time: Paint
  readonly client: Paint
  readonly relay: Paint
  readonly title: Paint
  readonly key: Paint
  readonly sealed: Paint
  readonly broken: Paint
  /** Ranges, lines of the tree, offsets: everything around the contents. */
  readonly faint: Paint
  readonly inferred: Paint
  /** Bytes that a dump is about. */
  readonly mark: Paint
  readonly error: Paint
  readonly warn: Paint
  readonly note: Paint
  readonly chat: Paint
}

/** Leaves text unchanged. */
export const asIs: Paint = text => text

const plain: Theme = {
  isPlain: true,
  head: asIs,
  number: asIs,
  time: asIs,
  client: asIs,
  relay: asIs,
  title: asIs,
  key: asIs,
  sealed: asIs,
  broken: asIs,
  faint: asIs,
  inferred: asIs,
  mark: asIs,
  error: asIs,
  warn: asIs,
  note: asIs,
  chat: asIs,
}

/** @param level 0 none, 1 the 16 basic colours, 2 256 colours, 3 all. */
export function theme(level: ColorLevel): Theme {
  if (level === 0) return plain
  const chalk = new Chalk({level})
  return {
    isPlain: false,
    head: chalk.bold,
    number: chalk.gray,
    time: chalk.gray,
    client: chalk.cyan,
    relay: chalk.magenta,
    title: chalk.bold,
    key: chalk.green,
    sealed: chalk.blue,
    broken: chalk.red,
    faint: chalk.gray,
    inferred: chalk.italic.gray,
    mark: chalk.inverse,
    error: chalk.bold.red,
    warn: chalk.yellow,
    note: chalk.cyan,
    chat: chalk.gray,
  }
}
