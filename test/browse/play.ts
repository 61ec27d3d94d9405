import {Browser} from '../../src/browse/browser.js'
import type {Effect} from '../../src/browse/event.js'
import type {RecordSource} from '../../src/browse/records/record-source.js'
import type {BrowserOptions} from '../../src/browse/state.js'
import {CaptureReading} from '../../src/library/capture/capture-reading.js'
import {StoredCapture} from '../../src/library/capture/stored-capture.js'
import {captureFile} from '../../src/reading/capture-files.js'

/** The records of a fixture. */
export async function recordsOf(name: string, keylogs: readonly string[] = ['sessions.keylog']): Promise<RecordSource> {
  const folder = `fixtures/captures/${name}`
  return recordsIn(
    `${folder}/capture.pcap`,
    keylogs.map(log => `${folder}/${log}`),
  )
}

/** The records of a capture. */
export async function recordsIn(path: string, keylog: readonly string[]): Promise<RecordSource> {
  const source = captureFile(path)
  const keys = {key: [], keylog, secretKey: [], relayPk: [], env: {}}
  const reading = await CaptureReading.open({sources: [{...source, close: () => {}}], keys, threads: 0})
  const stored = new StoredCapture(reading)
  await stored.read()
  return stored.store
}

/** Keys that are pressed one after the other, and what is seen of it: no terminal, no clock. */
export class Play {
  readonly browser: Browser
  readonly effects: Effect[] = []

  constructor(source: RecordSource, options: Partial<BrowserOptions> = {}) {
    this.browser = new Browser(source, {
      ...{width: 100, height: 30, colorLevel: 0, isAscii: false, timeForm: 'r', title: 'capture.pcap'},
      ...options,
    })
    this.browser.take({kind: 'loaded'})
    this.settle()
  }

  /** Press keys: names with blanks between them. */
  press(keys: string): this {
    for (const key of keys.split(' ')) this.effects.push(...this.browser.take({kind: 'key', key}))
    return this.settle()
  }

  /** Type a text, character by character. */
  type(text: string): this {
    for (const character of text) {
      const key = character === ' ' ? 'space' : character
      this.effects.push(...this.browser.take({kind: 'key', key}))
    }
    return this.settle()
  }

  /** Do all that takes long. */
  settle(): this {
    while (this.browser.work(() => false));
    this.browser.draw()
    return this
  }

  /** Number of the chosen record. */
  get number(): number {
    return this.browser.place! + 1
  }

  /** The chosen node: its title and value. */
  get node(): string {
    const {title, text} = this.browser.tree[this.browser.treeRow]!
    return `${title} ${text}`.trimEnd()
  }

  /** Numbers of all records that are shown. */
  get shown(): number[] {
    const {displayed} = this.browser
    return Array.from({length: displayed.count}, (_, row) => displayed.at(row) + 1)
  }

  get screen(): string[] {
    const cells = this.browser.draw()
    return Array.from({length: cells.height}, (_, y) => cells.row(y).trimEnd())
  }

  /** The last line. */
  get foot(): string {
    return this.screen.at(-1)!
  }
}
