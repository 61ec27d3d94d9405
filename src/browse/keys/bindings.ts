import {helpPage} from '../panes/help-page.js'
import type {BrowserState} from '../state.js'
import type {Binding} from './binding.js'
import {choosing} from './choosing.js'
import {intercepting} from './intercepting.js'
import {jumping} from './jumping.js'
import {moving} from './moving.js'
import {pageKeys} from './page-keys.js'
import {paneKeys} from './pane-keys.js'
import {takingAway} from './taking-away.js'
import {understanding} from './understanding.js'

const help: readonly Binding[] = [
  {keys: ['?', 'f1'], group: 'Understanding', about: 'list all keys', run: openHelp},
  {keys: ['?', 'f1'], group: 'Pages', where: ['page'], about: 'list all keys', run: openHelp},
]

/** Every key. The first that fits is taken. */
const bindings: readonly Binding[] = [
  ...pageKeys,
  ...moving,
  ...jumping,
  ...paneKeys,
  ...choosing,
  ...understanding,
  ...intercepting,
  ...takingAway,
  ...help,
]

function openHelp(browser: BrowserState): void {
  browser.open(helpPage(browser, bindings))
}

/** What a key does now. */
export function bindingOf({page, focus}: BrowserState, key: string): Binding | undefined {
  const place = page ? 'page' : focus
  return bindings.find(({keys, where}) => keys.includes(key) && (where ? where.includes(place) : place !== 'page'))
}
