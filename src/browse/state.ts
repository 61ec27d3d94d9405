import type {SessionRecord} from '../session/record.js'
import {PeerNames} from '../view/peer-names.js'
import {type ColorLevel, type ColorStyles, type Theme, theme} from '../view/theme.js'
import type {TimeForm} from '../view/time.js'
import type {Effect, Totals} from './event.js'
import {type Interception, noInterception} from './interception.js'
import {layoutOf, type PaneChoice, type PaneName, type Rect, usualShares} from './layout.js'
import type {OpenPage, TextPage} from './panes/text-page.js'
import {type NamedTreeStyle, type TreeRow, treeRows} from './panes/tree-pane.js'
import {Prompt, type PromptSpec} from './prompt/prompt.js'
import {DecodedRecords} from './records/decoded-records.js'
import {Displayed} from './records/displayed.js'
import type {RecordSource} from './records/record-source.js'
import {Trail} from './trail.js'

/** What a view begins with. */
export interface BrowserOptions {
  readonly width: number
  readonly height: number
  readonly colorLevel: ColorLevel
  /** Styles that the user chose in place of the usual ones. */
  readonly colors?: ColorStyles | undefined
  readonly isAscii: boolean
  readonly timeForm: TimeForm
  /** For times of day; UTC if left out. */
  readonly timeZone?: string | undefined
  /** Names of peers. Who adds the records lets it learn each of them. */
  readonly names?: PeerNames | undefined
  /** The capture's name, for the first line. */
  readonly title: string
  /** A display filter. */
  readonly filter?: string | undefined
  /** Filters of earlier runs, the latest first. */
  readonly history?: readonly string[]
  /** Words of the command line that shows the same, without its filter. */
  readonly command?: readonly string[]
  /** Records come as they happen. */
  readonly isLive?: boolean
  /** They come from a proxy that runs as long as the view. */
  readonly isProxy?: boolean
  /** Packets of the proxy can be held, dropped, delayed and edited. */
  readonly isIntercepting?: boolean
}

/** Steps of a new filter's work that are done before anything else. */
const firstSteps = 8

/** Most sentences from outside that are kept. */
const mostNotices = 1000

/** Search for a record, a step at a time. @returns the place found, -1 for none, undefined: not yet known. */
export type Search = (isOver: () => boolean) => number | undefined

/** A sentence in the last line. */
export interface Message {
  readonly text: string
  readonly isProblem: boolean
}

/** The state of a view, and the steps that keys and drawing are made of. */
export class BrowserState {
  readonly source: RecordSource
  readonly options: BrowserOptions
  readonly displayed: Displayed
  readonly records: DecodedRecords
  readonly theme: Theme
  readonly names: PeerNames
  readonly trail = new Trail()
  readonly history: string[]
  width: number
  height: number
  timeForm: TimeForm
  focus: PaneName = 'list'
  panes: PaneChoice = {hidden: new Set(), maximised: undefined, shares: usualShares}
  /** Row of the list that is chosen, and the first one that is shown. */
  row = 0
  listTop = 0
  /** The chosen node: its path, and the first line that is shown. */
  path = ''
  treeTop = 0
  readonly folded = new Set<string>()
  /** Place in the frame of the byte cursor, and the first row of bytes that is shown. */
  byte = 0
  bytesTop = 0
  page: OpenPage | undefined
  prompt: Prompt | undefined
  message: Message | undefined
  interception: Interception = noInterception
  /** Sentences that came from outside, the oldest first. */
  readonly notices: Message[] = []
  /** Keys that a key waits for: the name of a mark. */
  awaited: ((key: string) => void) | undefined
  isFollowing: boolean
  isLoaded = false
  share: number | undefined
  /** What the whole capture held, once it is read. */
  totals: Totals | undefined
  search: Search | undefined
  /** Digits that were typed before a key. */
  count = ''
  /** What is to be done outside. */
  effects: Effect[] = []
  /** Rows of the tree that was asked for last. */
  #tree: {readonly record: SessionRecord; readonly drawn: string; readonly rows: readonly TreeRow[]} | undefined
  /** Place of the chosen record while a new filter is looking for it. */
  #anchor: number | undefined
  /** Rows that had fallen out at the front when it was looked at last. */
  #lost = 0

  /** @throws InputError for a filter with a mistake. */
  constructor(source: RecordSource, options: BrowserOptions) {
    this.source = source
    this.options = options
    this.displayed = new Displayed(source)
    this.records = new DecodedRecords(source)
    this.theme = theme(options.colorLevel, options.colors)
    this.names = options.names ?? new PeerNames()
    this.width = options.width
    this.height = options.height
    this.timeForm = options.timeForm
    this.history = [...(options.history ?? [])]
    this.isFollowing = options.isLive ?? false
    if (options.filter !== undefined) this.displayed.use(options.filter)
  }

  /** Go on with what takes long, until time is up. @returns whether work is left. */
  work(isOver: () => boolean): boolean {
    let isLeft = this.displayed.work(isOver)
    this.settle()
    if (this.search) {
      const found = this.search(isOver)
      if (found === undefined) isLeft = true
      else {
        this.search = undefined
        if (found < 0) this.say('nothing was found')
        else this.show(found)
      }
    }
    return (this.page?.page.work?.(isOver) ?? false) || isLeft
  }

  /** Place of the chosen record; undefined where no record is shown. */
  get place(): number | undefined {
    return this.row < this.displayed.count ? this.displayed.at(this.row) : undefined
  }

  get record(): SessionRecord | undefined {
    const {place} = this
    return place === undefined ? undefined : this.records.at(place)
  }

  /** Rows of the chosen record's tree. */
  get tree(): readonly TreeRow[] {
    const {record} = this
    if (!record) return []
    const drawn = [this.names.changes, ...this.folded].join('\n')
    if (this.#tree?.record !== record || this.#tree.drawn !== drawn) {
      this.#tree = {record, drawn, rows: treeRows(record, this.folded, this.treeStyle)}
    }
    return this.#tree.rows
  }

  get treeStyle(): NamedTreeStyle {
    return {theme: this.theme, isAscii: this.options.isAscii, names: this.names}
  }

  /** The row of the tree that is chosen: that of the path, or the first. */
  get treeRow(): number {
    const row = this.tree.findIndex(({path}) => path === this.path)
    return Math.max(0, row)
  }

  get layout(): ReadonlyMap<PaneName, Rect> {
    return layoutOf(this.panes, 1, this.width, Math.max(0, this.height - 1 - this.footRows))
  }

  /** Rows below the panes: one, or two below a line that is typed. */
  get footRows(): number {
    return this.prompt ? 2 : 1
  }

  /** Rows of a pane's contents; at least 1, for keys that move by pages. */
  rowsOf(pane: PaneName): number {
    return Math.max(1, (this.layout.get(pane)?.rows ?? 1) - (pane === 'list' ? 1 : 0))
  }

  say(text: string, isProblem = false): void {
    this.message = {text, isProblem}
  }

  /** A sentence came from outside. */
  notice(message: Message): void {
    this.message = message
    this.notices.push(message)
    if (this.notices.length > mostNotices) this.notices.shift()
  }

  effect(effect: Effect): void {
    this.effects.push(effect)
  }

  ask(spec: PromptSpec): void {
    this.prompt = new Prompt(spec)
  }

  open(page: TextPage): void {
    let steps = firstSteps
    page.work?.(() => steps-- <= 0)
    this.page = {page, top: 0, line: 0}
  }

  /** Choose a row of the list. */
  choose(row: number): void {
    this.row = Math.max(0, Math.min(row, this.displayed.count - 1))
    this.#anchor = undefined
    this.isFollowing = this.isFollowing && this.row === this.displayed.count - 1
  }

  /** Choose a record by its place, and remember the way back. A filter that hides it says so. */
  show(place: number): void {
    if (place < this.source.first) {
      this.say(`#${place + 1} has fallen out; the first record that is kept is #${this.source.first + 1}`)
      return
    }
    const row = this.displayed.rowOf(place)
    if (row >= this.displayed.count || this.displayed.at(row) !== place) {
      this.say(`#${place + 1} does not match the filter; press \\ to show all records`)
      return
    }
    this.trail.leave(this.place)
    this.choose(row)
  }

  /** @param text empty: all records. @throws InputError for a filter with a mistake. */
  filter(text: string): void {
    const {place} = this
    this.displayed.use(text)
    const {filter} = this.displayed
    if (filter !== '' && this.history[0] !== filter) {
      this.history.unshift(filter)
      this.effect({kind: 'remember', filter})
    }
    this.#anchor = place
    this.row = 0
    this.listTop = 0
    // A short capture is filtered at once.
    let steps = firstSteps
    this.displayed.work(() => steps-- <= 0)
    this.#lost = this.displayed.lost
    this.settle()
  }

  /**
   * Stay on the record that was chosen as far as the filter has come, else on the next one that it shows. While
   * records fall out at the front, rows are counted from the first one that is left.
   */
  settle(): void {
    const {lost} = this.displayed
    this.row = Math.max(0, this.row - (lost - this.#lost))
    this.listTop = Math.max(0, this.listTop - (lost - this.#lost))
    this.#lost = lost
    if (this.#anchor !== undefined) {
      this.row = Math.max(0, Math.min(this.displayed.rowOf(this.#anchor), this.displayed.count - 1))
      if (this.displayed.looked > this.#anchor && (this.row < this.displayed.count - 1 || this.displayed.isDone))
        this.#anchor = undefined
    }
    const last = this.displayed.count - 1
    if (this.isFollowing || this.row > last) this.row = Math.max(0, last)
  }
}
