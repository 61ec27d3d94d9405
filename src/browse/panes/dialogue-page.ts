import {conversationFormat} from '../../view/forms/conversation.js'
import {DialogueView} from '../../view/forms/dialogue.js'
import type {FormatOptions} from '../../view/forms/format.js'
import {Times} from '../../view/time.js'
import type {BrowserState} from '../state.js'
import type {TextPage} from './text-page.js'

/** Records that are looked at between two looks at the clock. */
const step = 64

/** Most lines of a page. */
const mostLines = 100_000

/** What both ends of one connection send each other. Enter shows the record of a line. */
export function dialoguePage(browser: BrowserState, connection: number): TextPage {
  const {source, timeForm, options, theme, names} = browser
  const places: number[] = []
  let looked = source.first
  return {
    title: `Connection ${connection}: the client's packets at the left, the relay's further in`,
    count: () => places.length,
    line(at, width) {
      const place = places[at]
      if (place === undefined) return ''
      if (place < source.first) return theme.faint(`#${place + 1} has fallen out`)
      const view = new DialogueView({width, timeForm, theme, isAscii: options.isAscii, keyText: names.keyText})
      const [line = '', ...findings] = view
        .row(browser.records.at(place), new Times(timeForm, options.timeZone))
        .split('\n')
      return findings.length === 0 ? line : `${line}  ${findings.map(found => found.trim()).join(', ')}`
    },
    choose(line) {
      const place = places[line]
      if (place !== undefined) browser.show(place)
    },
    work(isOver) {
      looked = Math.max(looked, source.first)
      while (looked < source.count && places.length < mostLines && !isOver())
        for (const end = Math.min(source.count, looked + step); looked < end; looked++)
          if (source.connection(looked) === connection) places.push(looked)
      return looked < source.count && places.length < mostLines
    },
  }
}

/** What peers say to each other, as far as their sessions are opened. Enter shows the record of a line. */
export function conversationPage(browser: BrowserState): TextPage {
  const {source, displayed, timeForm, options} = browser
  const {isAscii, colorLevel, colors, timeZone} = options
  const form: FormatOptions = {
    ...{
      hex: false,
      bytes: false,
      isAscii,
      colorLevel,
      colors,
      width: 100,
      timeForm,
      timeZone,
      fields: [],
      fieldOptions: {},
      ...browser.names.given,
    },
    hasConnections: true,
  }
  const writer = conversationFormat.writer(form, new Times(timeForm, timeZone))
  const lines: {readonly place: number; readonly text: string}[] = []
  /** Place of the next record to look at: rows change while records fall out. */
  let next = 0
  return {
    title: 'Conversation of the peers',
    count: () => Math.max(1, lines.length),
    line: at =>
      lines[at]?.text ?? (displayed.rowOf(next) < displayed.count ? 'reading …' : (writer.whyNothing?.() ?? '')),
    choose(line) {
      const place = lines[line]?.place
      if (place !== undefined) browser.show(place)
    },
    work(isOver) {
      next = Math.max(next, source.first)
      let row = displayed.rowOf(next)
      const isWanted = () => row < displayed.count && lines.length < mostLines
      while (isWanted() && !isOver())
        for (let steps = 0; steps < step && isWanted(); steps++) {
          const place = next++
          // Records that the filter leaves out say names, too.
          if (place < displayed.at(row)) writer.skip?.(source.record(place))
          else {
            row++
            const text = writer.text(source.record(place), false)
            if (text !== '') lines.push({place, text: text.trimEnd()})
          }
        }
      return isWanted()
    },
  }
}
