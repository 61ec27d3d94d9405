export type PaneName = 'list' | 'tree' | 'bytes'

export const paneNames: readonly PaneName[] = ['list', 'tree', 'bytes']

/** A pane's place: a line with its title, and its contents below. */
export interface Rect {
  readonly x: number
  /** Row of the title. */
  readonly y: number
  readonly width: number
  /** Rows of the contents. */
  readonly rows: number
}

/** What the user chose of the panes. */
export interface PaneChoice {
  readonly hidden: ReadonlySet<PaneName>
  /** The only one that is shown. */
  readonly maximised: PaneName | undefined
  /** Shares of the height. */
  readonly shares: Readonly<Record<PaneName, number>>
}

export const usualShares: Readonly<Record<PaneName, number>> = {list: 10, tree: 8, bytes: 5}

/** Columns from which the tree and the bytes are beside each other. */
const besideWidth = 150

/** Columns of the bytes beside the tree: rows of eight bytes, sealed and plain, with their text. */
const bytesWidth = 74

/** The places of the panes that are shown, in `height` rows from row `y` on. */
export function layoutOf(
  {hidden, maximised, shares}: PaneChoice,
  y: number,
  width: number,
  height: number,
): ReadonlyMap<PaneName, Rect> {
  const shown = paneNames.filter(name => (maximised ? name === maximised : !hidden.has(name)))
  const isBeside = width >= besideWidth && shown.includes('tree') && shown.includes('bytes')
  const stacked = isBeside ? shown.filter(name => name !== 'bytes') : shown
  const places = new Map<PaneName, Rect>()
  let at = y
  let left = Math.max(0, height - stacked.length)
  let total = stacked.reduce((sum, name) => sum + shares[name], 0)
  for (const name of stacked) {
    const rows = Math.round((left * shares[name]) / total)
    places.set(name, {x: 0, y: at, width, rows})
    at += rows + 1
    left -= rows
    total -= shares[name]
  }
  const tree = places.get('tree')
  if (isBeside && tree) {
    const x = width - bytesWidth
    places.set('tree', {...tree, width: x - 1})
    places.set('bytes', {...tree, x, width: bytesWidth})
  }
  return places
}
