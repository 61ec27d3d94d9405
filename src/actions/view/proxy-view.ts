import {Browser} from '../../browse/browser.js'
import type {BrowseEvent} from '../../browse/event.js'
import {type Interception, type InterceptionEffect, noInterception} from '../../browse/interception.js'
import {packetLine} from '../../browse/packet-text.js'
import {loadSodium} from '../../crypto/sodium.js'
import {RecordStore} from '../../library/store/record-store.js'
import {HandInterception} from '../../live/hand-interception.js'
import {startObserving} from '../../live/observing.js'
import {RunningProxy} from '../../live/running-proxy.js'
import type {ProxyOptions} from '../../live/settings.js'
import {addressText} from '../../proxy/explicit/address.js'
import type {Io} from '../../terminal/io.js'
import {colorLevelOf} from '../../terminal/options/print-options.js'
import {timeZoneOf} from '../../terminal/options/time-zone.js'
import {BrowserAtTerminal} from '../../terminal/screen/run-browser.js'
import {TerminalDevice} from '../../terminal/screen/terminal-device.js'
import {PeerNames} from '../../view/peer-names.js'
import {omitFlag} from '../../wire/advice.js'
import {InputError} from '../../wire/input-error.js'
import {scriptFailures} from '../proxy.js'
import {filterHistory, takeEffect, writePackets} from './effects.js'

/** Milliseconds between two looks of the view at the records that came. */
const lookEvery = 50

/** Options of `toxtcp proxy --view`: those of the output are not used. */
export interface ProxyViewOptions extends ProxyOptions {
  /** Keep only this number of records, the latest; undefined: all. */
  readonly last?: number | undefined
}

/** `toxtcp proxy --view`: serve while the view is shown. @returns the exit status. @throws InputError */
export async function proxyView(options: ProxyViewOptions, io: Io): Promise<number> {
  const device = TerminalDevice.open(false, omitFlag('--view', 'to print the records,'))
  const box = await loadSodium()
  const store = new RecordStore(() => box)
  const savedNames = new Map<string, string>()
  const names = new PeerNames({labels: options.print.labels, savedNames})
  const view = new Reports(io)
  const hand = new HandInterception(interception => view.intercepted(interception))
  try {
    const failures = scriptFailures(options)
    const running = await RunningProxy.start(
      options,
      (settings, events) =>
        startObserving(
          settings,
          {
            ...events,
            keyFound(connection, item, recorded) {
              store.key(recorded, item)
              hand.recordedAs(connection, recorded)
              events.keyFound(connection, item, recorded)
            },
          },
          {
            record(record) {
              store.add(record)
              names.learn(record)
              if (options.last !== undefined) store.forget(store.count - options.last)
              view.came()
            },
            note: sentence => view.note(sentence),
            savedNames,
          },
        ),
      script => hand.rewriter(script),
    )
    failures.noteTo(running.host)
    const browser = new Browser(store, {...browserOptions(options, running, device, io), names})
    const screen = new BrowserAtTerminal(browser, device, effect =>
      takeEffect(effect, screen, {
        env: io.env,
        write: async wanted => writePackets(wanted, store, recordedIn(options), io),
        intercept: wanted => intercept(hand, wanted),
      }),
    )
    view.show(screen)
    try {
      await screen.run({isEndedBySignals: true, survives: error => failures.takes(error)})
    } finally {
      view.end()
      device.close()
    }
    return await running.stop()
  } finally {
    device.close()
    store.close()
  }
}

function browserOptions(
  {print, filter, upstream, write}: ProxyViewOptions,
  {bound, isIntercepting}: RunningProxy,
  device: TerminalDevice,
  io: Io,
): ConstructorParameters<typeof Browser>[1] {
  const to = upstream === undefined ? '' : ` > ${upstream}`
  return {
    ...device.size,
    colorLevel: colorLevelOf(print.color, io),
    colors: io.colors,
    isAscii: io.isAscii,
    timeForm: print.time ?? 'r',
    timeZone: timeZoneOf(io.env),
    title: `proxy ${bound.map(({ip, port}) => addressText({host: ip, port})).join(' ')}${to}`,
    filter,
    isLive: true,
    isProxy: true,
    isIntercepting,
    history: filterHistory(io.env),
    ...(write !== undefined && {command: ['toxtcp', 'read', write]}),
  }
}

/** @returns what was done, as a sentence. @throws InputError */
function intercept(hand: HandInterception, effect: InterceptionEffect): string | undefined {
  switch (effect.kind) {
    case 'order':
      hand.order(effect.order)
      return undefined
    case 'cancel':
      hand.cancel(effect.id)
      return undefined
    case 'release':
      return hand.release(effect.id, effect.plain)
    case 'discard':
      return hand.discard(effect.id)
    case 'inject':
      return hand.inject(effect)
  }
}

/** The recording, to copy packets from. @throws InputError without one. */
function recordedIn({write, rotate}: ProxyViewOptions): readonly string[] {
  if (write === undefined)
    throw new InputError('nothing is recorded, so packets cannot be written; start the proxy with -w FILE')
  if (rotate !== undefined) throw new InputError('with --rotate, packets are only in the files of the recording')
  return [write]
}

/** What the proxy says to the view: before it is shown it waits, after that it is printed. */
class Reports {
  readonly #io: Pick<Io, 'note'>
  readonly #early: string[] = []
  #screen: BrowserAtTerminal | undefined
  #held = noInterception.held
  #isOver = false
  #timer: NodeJS.Timeout | undefined

  constructor(io: Pick<Io, 'note'>) {
    this.#io = io
  }

  show(screen: BrowserAtTerminal): void {
    this.#screen = screen
    for (const sentence of this.#early.splice(0)) this.note(sentence)
  }

  end(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
  }

  /** A record came. Many are looked at together. */
  came(): void {
    if (this.#isOver) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#report({kind: 'progress', share: undefined})
    }, lookEvery)
  }

  /** Show what is held, and say it of each packet that is held now. */
  intercepted(interception: Interception): void {
    this.#report({kind: 'interception', interception})
    for (const packet of interception.held)
      if (!this.#held.some(({id}) => id === packet.id)) this.note(`held: ${packetLine(packet)}; I decides about it`)
    this.#held = interception.held
  }

  note(sentence: string): void {
    if (this.#isOver) this.#io.note(sentence)
    else if (this.#screen) this.#report({kind: 'notice', text: sentence, isProblem: false})
    else this.#early.push(sentence)
  }

  #report(event: BrowseEvent): void {
    this.#screen?.report(event)
  }
}
