import {Chalk, type ChalkInstance, foregroundColorNames} from 'chalk'
import {InputError} from '../wire/input-error.js'

export type ColorLevel = 0 | 1 | 2 | 3
export type Paint = (text: string) => string

/** What is coloured, and how unless the user wants it otherwise: words of a style. */
const styles = {
  head: 'bold',
  number: 'gray',
  time: 'gray',
  client: 'cyan',
  relay: 'magenta',
  title: 'bold',
  key: 'green',
  sealed: 'blue',
  broken: 'red',
  /** Ranges, lines of the tree, offsets: everything around the contents. */
  faint: 'gray',
  inferred: 'italic gray',
  /** Bytes that a dump is about. */
  mark: 'inverse',
  error: 'bold red',
  warn: 'yellow',
  note: 'cyan',
  chat: 'gray',
} as const

/** Something that has a colour of its own. */
export type ColorRole = keyof typeof styles

export const colorRoles = Object.keys(styles) as ColorRole[]

/** Styles that a user chose in place of the usual ones. */
export type ColorStyles = Readonly<Partial<Record<ColorRole, string>>>

/** Colours by meaning. At level 0 each returns its text unchanged. */
export interface Theme extends Readonly<Record<ColorRole, Paint>> {
  readonly isPlain: boolean
}

/** Leaves text unchanged. */
export const asIs: Paint = text => text

const plain: Theme = {isPlain: true, ...ofRoles(() => asIs)}

/**
 * @param level 0 none, 1 the 16 basic colours, 2 256 colours, 3 all.
 * @throws InputError for a style that is not known.
 */
export function theme(level: ColorLevel, chosen: ColorStyles = {}): Theme {
  if (level === 0) return plain
  const chalk = new Chalk({level})
  return {isPlain: false, ...ofRoles(role => styled(chalk, chosen[role] ?? styles[role]))}
}

function ofRoles(paint: (role: ColorRole) => Paint): Record<ColorRole, Paint> {
  // Object.fromEntries() does not keep the names of the roles.
  return Object.fromEntries(colorRoles.map(role => [role, paint(role)])) as Record<ColorRole, Paint>
}

/** Words of styles: those that userOutput() lets pass. They are listed when they are used, as chalk is loaded then. */
const styleNames = () => [...foregroundColorNames, 'bold', 'italic', 'inverse'] as const

function styled(chalk: ChalkInstance, style: string): Paint {
  const names = styleNames()
  return style.split(' ').reduce((paint, word) => {
    const name = names.find(known => known === word)
    if (name === undefined)
      throw new InputError(
        `"${style}" is not a style`,
        `a style is one or more of ${names.filter(known => !known.endsWith('Bright')).join(', ')}`,
        'bad-option',
      )
    return paint[name]
  }, chalk)
}

/** Checks a style. @throws InputError for words that are not one. */
export function checkStyle(style: string): void {
  styled(new Chalk({level: 1}), style)
}
