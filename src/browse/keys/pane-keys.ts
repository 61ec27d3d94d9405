import {type PaneName, paneNames, usualShares} from '../layout.js'
import type {BrowserState} from '../state.js'
import type {Binding} from './binding.js'

function focusNext(browser: BrowserState, by: 1 | -1): void {
  const {panes, layout} = browser
  const shown = panes.maximised ? paneNames.filter(name => !panes.hidden.has(name)) : [...layout.keys()]
  const next = shown[(shown.indexOf(browser.focus) + by + shown.length) % shown.length]
  if (!next) return
  browser.focus = next
  if (panes.maximised) browser.panes = {...panes, maximised: next}
}

function focusOn(browser: BrowserState, pane: PaneName): void {
  const hidden = new Set(browser.panes.hidden)
  hidden.delete(pane)
  browser.panes = {...browser.panes, hidden, maximised: browser.panes.maximised && pane}
  browser.focus = pane
}

function maximise(browser: BrowserState): void {
  browser.panes = {...browser.panes, maximised: browser.panes.maximised ? undefined : browser.focus}
}

function hide(browser: BrowserState): void {
  const {panes, focus} = browser
  const hidden = new Set([...panes.hidden, focus])
  if (hidden.size === paneNames.length) {
    browser.say('the last pane cannot be hidden')
    return
  }
  browser.panes = {...panes, hidden, maximised: undefined}
  browser.focus = paneNames.find(name => !hidden.has(name))!
}

/** Least and most share of a pane. */
const [leastShare, mostShare] = [1, 60]

function resize(browser: BrowserState, by: number): void {
  const {panes, focus} = browser
  const share = Math.max(leastShare, Math.min(mostShare, panes.shares[focus] + by))
  browser.panes = {...panes, shares: {...panes.shares, [focus]: share}}
}

export const paneKeys: readonly Binding[] = [
  {keys: ['tab'], group: 'Panes', about: 'to the next pane', run: browser => focusNext(browser, 1)},
  {keys: ['shift-tab'], group: 'Panes', about: 'to the pane before', run: browser => focusNext(browser, -1)},
  {
    keys: ['enter'],
    group: 'Panes',
    where: ['list'],
    about: 'in the list: to the tree of the record',
    run: browser => focusOn(browser, 'tree'),
  },
  {
    keys: ['enter'],
    group: 'Panes',
    where: ['tree'],
    about: 'in the tree: to the bytes of the node',
    run: browser => focusOn(browser, 'bytes'),
  },
  {
    keys: ['escape'],
    group: 'Panes',
    about: 'back to the list; ends a search',
    run: browser => {
      browser.search = undefined
      focusOn(browser, 'list')
    },
  },
  {keys: ['z'], group: 'Panes', about: 'show this pane alone, or all again', run: maximise},
  {keys: ['x'], group: 'Panes', about: 'hide this pane', run: hide},
  {
    keys: ['X'],
    group: 'Panes',
    about: 'show all panes in their usual sizes',
    run: browser => {
      browser.panes = {hidden: new Set(), maximised: undefined, shares: usualShares}
    },
  },
  {keys: ['+'], group: 'Panes', about: 'make this pane larger', run: (browser, count = 1) => resize(browser, count)},
  {keys: ['-'], group: 'Panes', about: 'make this pane smaller', run: (browser, count = 1) => resize(browser, -count)},
  {keys: ['ctrl-l'], group: 'Panes', about: 'draw the screen anew', run: browser => browser.effect({kind: 'redraw'})},
  {
    keys: ['ctrl-z'],
    group: 'Panes',
    about: 'suspend; fg comes back',
    run: browser => browser.effect({kind: 'suspend'}),
  },
  {keys: ['q', 'ctrl-c'], group: 'Panes', about: 'end', run: browser => browser.effect({kind: 'quit'})},
]
