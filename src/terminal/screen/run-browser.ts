import type {Browser} from '../../browse/browser.js'
import type {Cells} from '../../browse/cells.js'
import type {BrowseEvent, Effect} from '../../browse/event.js'
import {dieOf, onSignals} from '../signals.js'
import {KeyDecoder} from './keys.js'
import {paint} from './paint.js'
import type {TerminalDevice} from './terminal-device.js'

/** Milliseconds after which the beginning of a sequence is the Escape key. */
const escapeAfter = 30

/** Milliseconds of work between two looks at the keys. */
const workFor = 8

/** Milliseconds between two screens that no key asked for. */
const drawEvery = 60

/** What a view asks for beyond the terminal. */
type OuterEffect = Exclude<Effect, {kind: 'quit' | 'suspend' | 'redraw'}>

/** A view at a terminal: keys become events, cells become text. */
export class BrowserAtTerminal {
  readonly #browser: Browser
  readonly #device: TerminalDevice
  readonly #keys = new KeyDecoder()
  readonly #take: (effect: OuterEffect) => void
  #shown: Cells | undefined
  #drawnAt = 0
  #escape: NodeJS.Timeout | undefined
  #isWorking = false
  /** Whether the screen is the view's. */
  #isShown = false
  #isOver = false
  #end: () => void = () => {}
  #fail: (error: unknown) => void = () => {}

  /** @param take does what the view asks for; it may report by `report`. */
  constructor(browser: Browser, device: TerminalDevice, take: (effect: OuterEffect) => void) {
    this.#browser = browser
    this.#device = device
    this.#take = take
  }

  /** Whether the view has ended. */
  get isOver(): boolean {
    return this.#isOver
  }

  /**
   * Show the view until it ends. The terminal is as it was when this is done, however that comes.
   * @param isEndedBySignals whether a signal ends the view alone, so that the caller can end in order; a second one, as
   *   the first one otherwise, ends the process.
   * @param survives whether the program goes on after an uncaught error, so that the view stays.
   */
  async run({
    isEndedBySignals = false,
    survives = () => false,
  }: {
    readonly isEndedBySignals?: boolean
    readonly survives?: (error: unknown) => boolean
  } = {}): Promise<void> {
    const device = this.#device
    const restore = () => device.leave()
    process.once('exit', restore)
    const fail = (error: unknown) => {
      if (!survives(error)) restore()
    }
    process.on('uncaughtExceptionMonitor', fail)
    onSignals(signal => {
      device.leave()
      if (isEndedBySignals && !this.#isOver) this.#quit()
      else dieOf(signal)
    })
    const suspend = () => this.#suspend()
    const resume = () => this.#guard(() => this.#resume())
    process.on('SIGTSTP', suspend)
    process.on('SIGCONT', resume)
    try {
      await new Promise<void>((end, fail) => {
        if (this.#isOver) return end()
        this.#end = end
        this.#fail = fail
        device.listen(
          text => this.#guard(() => this.#typed(text)),
          () => this.#quit(),
        )
        device.onResize(() => this.#guard(() => this.#resized()))
        device.enter()
        this.#isShown = true
        this.#guard(() => this.#draw())
        this.#work()
      })
    } finally {
      this.#isOver = true
      clearTimeout(this.#escape)
      device.close()
      process.off('exit', restore)
      process.off('uncaughtExceptionMonitor', fail)
      process.off('SIGTSTP', suspend)
      process.off('SIGCONT', resume)
    }
  }

  /** Something has happened outside. */
  report(event: BrowseEvent): void {
    if (this.#isOver) return
    this.#guard(() => {
      this.#events([event])
      this.#drawSoon()
      this.#work()
    })
  }

  /** Put text into the terminal's clipboard. */
  copy(text: string): void {
    this.#device.write(`\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`)
  }

  #guard(step: () => void): void {
    if (this.#isOver) return
    try {
      step()
    } catch (error) {
      this.#isOver = true
      this.#fail(error)
    }
  }

  #quit(): void {
    this.#isOver = true
    this.#end()
  }

  #typed(text: string): void {
    clearTimeout(this.#escape)
    this.#events(this.#keys.push(text))
    if (this.#keys.isWaiting)
      this.#escape = setTimeout(
        () =>
          this.#guard(() => {
            this.#events(this.#keys.flush())
            this.#draw()
          }),
        escapeAfter,
      )
    this.#draw()
    this.#work()
  }

  #events(events: readonly BrowseEvent[]): void {
    for (const event of events) for (const effect of this.#browser.take(event)) this.#effect(effect)
  }

  #effect(effect: Effect): void {
    if (effect.kind === 'quit') this.#quit()
    else if (effect.kind === 'suspend') this.#suspend()
    else if (effect.kind === 'redraw') this.#shown = undefined
    else this.#take(effect)
  }

  #resized(): void {
    this.#shown = undefined
    this.#events([{kind: 'resize', ...this.#device.size}])
    this.#draw()
  }

  /** Stop as the shell's Ctrl-Z does, with the shell's screen. */
  #suspend(): void {
    this.#device.leave()
    process.kill(process.pid, 'SIGSTOP')
  }

  #resume(): void {
    this.#device.leave()
    this.#device.enter()
    this.#resized()
  }

  #draw(): void {
    if (this.#isOver || !this.#isShown) return
    const cells = this.#browser.draw()
    const text = paint(this.#shown, cells)
    this.#shown = cells
    this.#drawnAt = performance.now()
    if (text !== '' && !this.#device.write(text)) this.#quit()
  }

  #drawSoon(): void {
    if (performance.now() - this.#drawnAt >= drawEvery) this.#draw()
  }

  /** Do what takes long between keys, a little at a time. */
  #work(): void {
    if (this.#isWorking) return
    this.#isWorking = true
    const step = () =>
      this.#guard(() => {
        const until = performance.now() + workFor
        const isLeft = this.#browser.work(() => performance.now() >= until)
        if (isLeft) this.#drawSoon()
        else this.#draw()
        this.#isWorking = isLeft
        if (isLeft) setImmediate(step)
      })
    setImmediate(step)
  }
}
