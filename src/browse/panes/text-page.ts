/** A page of text over the panes: an explanation, tables, a dialogue. */
export interface TextPage {
  readonly title: string
  /** Number of lines, for a number of columns. */
  count(width: number): number
  /** One styled line. */
  line(at: number, width: number): string
  /** Number of lines at the top that stay when the page is scrolled. */
  readonly head?: number
  /** Present where lines can be chosen: what is done with the chosen one, counted below the head. */
  choose?(line: number): void
  /** Goes on until time is up. @returns whether work is left. */
  work?(isOver: () => boolean): boolean
}

/** A page that is shown, and how far it is scrolled. */
export interface OpenPage {
  readonly page: TextPage
  top: number
  /** The chosen line, counted below the head. */
  line: number
}

/** A page whose whole text is made at once. @param text for a number of columns, with line ends. */
export function wholePage(title: string, text: (width: number) => string): TextPage {
  let made: {readonly width: number; readonly lines: readonly string[]} | undefined
  const lines = (width: number): readonly string[] => {
    if (made?.width !== width) made = {width, lines: text(width).replace(/\n$/, '').split('\n')}
    return made.lines
  }
  return {title, count: width => lines(width).length, line: (at, width) => lines(width)[at] ?? ''}
}
