import type {SessionRecord} from '../../session/record.js'
import {endsText, headlineOf} from '../../tree/headline.js'
import type {KeyText} from '../../wire/field.js'
import {leftOut} from '../../wire/text/phrases.js'
import {escapeText, inSigns} from '../escape.js'
import {shortFindings} from '../findings.js'
import {cutToWidth} from '../text-width.js'
import type {Theme} from '../theme.js'
import {type TimeForm, type Times, timeWidths} from '../time.js'

export interface DialogueStyle {
  readonly width: number
  readonly timeForm: TimeForm
  readonly theme: Theme
  readonly isAscii: boolean
  /** Keys as text; default: without names. */
  readonly keyText?: KeyText | undefined
}

/** What one connection's ends say to each other: the client's words at the left, the relay's further in. */
export class DialogueView {
  constructor(readonly style: DialogueStyle) {}

  /** One line, and one more for each finding. */
  row(record: SessionRecord, times: Times): string {
    const {from} = record
    const {theme, width, timeForm, keyText} = this.style
    const time = times.text(record).padStart(timeWidths[timeForm])
    const paint = from === 'client' ? theme.client : from === 'relay' ? theme.relay : theme.faint
    const inset = from === 'relay' ? ' '.repeat(Math.min(24, Math.floor(width / 4))) : ''
    const arrow = from === 'client' ? '>' : from === 'relay' ? '<' : '-'
    const room = Math.max(20, width - time.length - inset.length - 4)
    const text = record.kind === 'start' ? endsText(record.ends) : headlineOf(record, keyText)
    const words = this.#inOwnSigns(escapeText(text))
    const lines = [
      `${theme.time(time)}  ${inset}${paint(`${arrow} ${cutToWidth(words, room, this.#inOwnSigns(leftOut))}`)}`,
    ]
    const margin = ' '.repeat(time.length + 2 + inset.length + 2)
    for (const {severity, code} of shortFindings(record))
      lines.push(`${margin}${theme[severity](`${severity} ${code}`)}`)
    return lines.join('\n')
  }

  #inOwnSigns(text: string): string {
    return inSigns(text, this.style.isAscii)
  }
}
