import {escapeText} from '../../view/escape.js'
import {wrap} from '../../view/wrap.js'
import type {BrowserState} from '../state.js'
import {type TextPage, wholePage} from './text-page.js'

/** The sentences that came while the view is shown, the latest last. */
export const noticesPage = ({notices, theme}: BrowserState): TextPage =>
  wholePage('Messages', width =>
    notices.length === 0
      ? 'no message has come yet'
      : notices
          .flatMap(({text, isProblem}) => {
            const [first = '', ...others] = wrap(escapeText(text), width, width - 2)
            return [first, ...others.map(line => `  ${line}`)].map(line => (isProblem ? theme.broken(line) : line))
          })
          .join('\n'),
  )
