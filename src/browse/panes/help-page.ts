import {Page} from '../../view/explain/page.js'
import type {Binding, KeyGroup} from '../keys/binding.js'
import type {BrowserState} from '../state.js'
import {type TextPage, wholePage} from './text-page.js'

/** Keys as people write them. */
const shownKeys: Readonly<Record<string, string>> = {
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  pageup: 'PageUp',
  pagedown: 'PageDown',
  home: 'Home',
  end: 'End',
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  backspace: 'Backspace',
  space: 'Space',
}

/** A key's name as people write it: `Ctrl-F`, `PageDown`. */
const keyText = (key: string): string => {
  const [, modifier, plain = key] = /^(ctrl|alt|shift)-(.+)$/.exec(key) ?? []
  const shown = shownKeys[plain] ?? (modifier ? plain.toUpperCase() : plain)
  return modifier ? `${modifier[0]!.toUpperCase()}${modifier.slice(1)}-${shown}` : shown
}

/** Every key and what it does. */
export const helpPage = ({options}: BrowserState, bindings: readonly Binding[]): TextPage =>
  wholePage('Keys', width => {
    const page = new Page({width, isAscii: options.isAscii, colorLevel: options.colorLevel, colors: options.colors})
    const groups = [...new Set(bindings.map(({group}) => group))]
    // Pages come last: their keys are those of the panes.
    const order = (group: KeyGroup): number => (group === 'Pages' ? 1 : 0)
    for (const group of groups.toSorted((a, b) => order(a) - order(b))) {
      page.head(group)
      page.items(
        bindings
          .filter(binding => binding.group === group)
          .map(({keys, about}) => [keys.map(keyText).join(' '), about]),
      )
    }
    page.head('Mouse')
    page.text('A click chooses what is under it; the wheel scrolls the pane.', 2)
    return page.toString()
  })
