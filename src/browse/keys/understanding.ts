import type {TimeForm} from '../../view/time.js'
import {InputError} from '../../wire/input-error.js'
import {connectionsPage} from '../panes/connections-page.js'
import {conversationPage, dialoguePage} from '../panes/dialogue-page.js'
import {explainedNames, explainPage, nameAtHand} from '../panes/explain-page.js'
import {noticesPage} from '../panes/notices-page.js'
import {statisticsPage} from '../panes/statistics-page.js'
import type {BrowserState} from '../state.js'
import type {Binding} from './binding.js'

/** What each form shows, in the order in which the key goes through them. */
const timeForms: Readonly<Record<TimeForm, string>> = {
  r: 'seconds since the first record',
  d: 'seconds since the record before',
  dd: 'seconds since the record shown before',
  a: 'time of day',
  ad: 'date and time',
  e: 'seconds since 1970',
}

function nextTimeForm(browser: BrowserState): void {
  // The keys of the table are the forms.
  const forms = Object.keys(timeForms) as TimeForm[]
  browser.timeForm = forms[(forms.indexOf(browser.timeForm) + 1) % forms.length]!
  browser.say(`times are now: ${timeForms[browser.timeForm]}`)
}

function openDialogue(browser: BrowserState): void {
  const connection = browser.record?.connection
  if (connection === null || connection === undefined) browser.say('this record belongs to no connection')
  else browser.open(dialoguePage(browser, connection))
}

function explainAtHand(browser: BrowserState): void {
  const name = nameAtHand(browser)
  if (name === undefined) browser.say('there is nothing to explain here')
  else browser.open(explainPage(browser, name))
}

function askTopic(browser: BrowserState): void {
  browser.ask({
    label: 'explain: ',
    complete: before => ({
      length: before.length,
      candidates: explainedNames().filter(name => name.startsWith(before) && name !== before),
    }),
    enter(text) {
      if (text.trim() === '') throw new InputError('type a name', 'Tab lists names')
      browser.open(explainPage(browser, text.trim()))
    },
  })
}

function toggleFollowing(browser: BrowserState): void {
  if (browser.isLoaded) browser.say('no more records come')
  else if (browser.isFollowing) {
    browser.isFollowing = false
    browser.say('the list stays here; records still come')
  } else {
    browser.choose(Number.MAX_SAFE_INTEGER)
    browser.isFollowing = true
  }
}

export const understanding: readonly Binding[] = [
  {
    keys: ['f', 'p'],
    group: 'Live',
    about: 'stay on the latest record, or pause here while records come; none is lost',
    run: toggleFollowing,
  },
  {
    keys: ['o'],
    group: 'Understanding',
    about: 'connections: who, when, what opened, findings, how they ended and why',
    run: browser => browser.open(connectionsPage(browser)),
  },
  {keys: ['d'], group: 'Understanding', about: 'this connection as a dialogue', run: openDialogue},
  {
    keys: ['D'],
    group: 'Understanding',
    about: 'what the peers say to each other, as far as their sessions are opened',
    run: browser => browser.open(conversationPage(browser)),
  },
  {
    keys: ['s'],
    group: 'Understanding',
    about: 'statistics of the records shown',
    run: browser => browser.open(statisticsPage(browser)),
  },
  {
    keys: ['e'],
    group: 'Understanding',
    about: 'explain the chosen field or rule; in the list the rule of the chosen finding, else the type',
    run: explainAtHand,
  },
  {keys: ['E'], group: 'Understanding', about: 'explain a name', run: askTopic},
  {
    keys: ['M'],
    group: 'Understanding',
    about: 'messages about the capture, keys, the proxy and written files',
    run: browser => browser.open(noticesPage(browser)),
  },
  {
    keys: ['.'],
    group: 'Understanding',
    about: 'show times in another form, as -t: r, d, dd, a, ad, e',
    run: nextTimeForm,
  },
]
