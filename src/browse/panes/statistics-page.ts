import {type CaptureCounters, zeroCounters} from '../../capture/counters.js'
import {FindingSummary} from '../../statistics/finding-summary.js'
import {InnerTally} from '../../statistics/inner-tally.js'
import {statisticsOf} from '../../statistics/statistics.js'
import {Tally} from '../../statistics/tally.js'
import {statisticsPage as pageText} from '../../view/stats/page.js'
import type {BrowserState} from '../state.js'
import type {TextPage} from './text-page.js'

/** Records that are counted between two looks at the clock. */
const step = 64

/** Parts of the records after which the page is made anew. */
const stages = 8

/** Statistics of the records that are shown, as tables and plots. They fill while the records are counted. */
export function statisticsPage(browser: BrowserState): TextPage {
  const {displayed, source, options, names} = browser
  const {isAscii, colorLevel, colors, title} = options
  const tally = new Tally()
  const inner = new InnerTally()
  const found = new FindingSummary()
  let row = 0
  /** Place of the next record to count: rows change while records fall out. */
  let next = 0
  let made: {readonly key: string; readonly lines: readonly string[]} | undefined
  const stage = (): number => (displayed.count === 0 ? 0 : Math.floor((stages * row) / displayed.count))
  const lines = (width: number): readonly string[] => {
    const key = `${width} ${stage()} ${row === displayed.count ? row : ''}`
    if (made?.key === key) return made.lines
    const counters: CaptureCounters = browser.totals?.counters ?? zeroCounters()
    const filter = displayed.filter === '' ? undefined : displayed.filter
    const origin = {files: [title], filter, others: browser.totals?.others ?? 0, counters}
    const text = pageText(statisticsOf(tally.counts, found, inner.counts), origin, {
      width,
      isAscii,
      colorLevel,
      colors,
      names,
    })
    const lead = row < displayed.count ? [`counted ${Math.floor((100 * row) / displayed.count)}%`] : []
    made = {key, lines: [...lead, ...text.trimEnd().split('\n')]}
    return made.lines
  }
  return {
    title: 'Statistics of the records shown',
    count: width => lines(width).length,
    line: (at, width) => lines(width)[at] ?? '',
    work(isOver) {
      row = displayed.rowOf(next)
      while (row < displayed.count && !isOver()) {
        for (const end = Math.min(displayed.count, row + step); row < end; row++) {
          next = displayed.at(row) + 1
          const record = source.record(displayed.at(row))
          tally.add(record)
          inner.add(record)
          found.add(record, true)
        }
      }
      return row < displayed.count
    },
  }
}
