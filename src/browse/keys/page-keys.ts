import type {BrowserState} from '../state.js'
import type {Binding} from './binding.js'

/** Rows of a page's contents, below its title and its head. */
const rowsOf = (browser: BrowserState): number =>
  Math.max(1, browser.height - 2 - browser.footRows - (browser.page?.page.head ?? 0))

function moveBy(browser: BrowserState, lines: number): void {
  const {page: open, width} = browser
  if (!open) return
  const last = Math.max(0, open.page.count(width) - (open.page.head ?? 0) - 1)
  if (open.page.choose) open.line = Math.max(0, Math.min(last, open.line + lines))
  else open.top = Math.max(0, Math.min(last - rowsOf(browser) + 1, open.top + lines))
}

const key = (keys: readonly string[], about: string, run: Binding['run']): Binding => ({
  keys,
  group: 'Pages',
  where: ['page'],
  about,
  run,
})

export const pageKeys: readonly Binding[] = [
  key(['j', 'down'], 'one line down', (browser, count = 1) => moveBy(browser, count)),
  key(['k', 'up'], 'one line up', (browser, count = 1) => moveBy(browser, -count)),
  key(['pagedown', 'ctrl-f', 'space'], 'one screen down', (browser, count = 1) =>
    moveBy(browser, count * rowsOf(browser)),
  ),
  key(['pageup', 'ctrl-b'], 'one screen up', (browser, count = 1) => moveBy(browser, -count * rowsOf(browser))),
  key(['home', 'g'], 'to the start', browser => moveBy(browser, -Number.MAX_SAFE_INTEGER)),
  key(['end', 'G'], 'to the end', browser => moveBy(browser, Number.MAX_SAFE_INTEGER)),
  key(['enter'], 'choose this line, where lines can be chosen', browser => {
    const {page: open} = browser
    if (!open?.page.choose) return
    browser.page = undefined
    open.page.choose(open.line)
  }),
  key(['escape', 'q', 'ctrl-c'], 'close the page', browser => {
    browser.page = undefined
  }),
]
