import type {BrowseEvent} from '../../browse/event.js'

/** Names of keys by the letter at the end of their sequence: `ESC [ A`, `ESC O P`. */
const byLetter: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  Z: 'shift-tab',
}

/** Names of keys by the number in their sequence: `ESC [ 5 ~`. */
const byNumber: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
}

const controls: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
  ' ': 'space',
  '\x1b': 'escape',
}

/** Their index is one less than the number after the semicolon; its bits are shift, alt and ctrl. */
const modifiers = ['', 'shift-', 'alt-', 'alt-', 'ctrl-', 'ctrl-', 'ctrl-', 'ctrl-']

/** A whole sequence of a key or of the mouse. */
const sequence = /^\x1b(?:\[(<?)([\d;]*)([A-Za-z~])|O([A-Za-z]))/

/** The beginning of a sequence that may go on. */
const beginning = /^\x1b(?:\[<?[\d;]*|O)?$/

/** Text between these was pasted. */
const [pasteStart, pasteEnd] = ['\x1b[200~', '\x1b[201~']

/** Ctrl-C, which ends a pasted text whose end does not come. */
const interrupt = '\x03'

/** The first characters of `pasteEnd` that a text ends with; empty: none. */
const begunEnd = (text: string): string =>
  [5, 4, 3, 2, 1].map(length => pasteEnd.slice(0, length)).find(begun => text.endsWith(begun)) ?? ''

/** Turns what a terminal sends into events. A sequence may come in several pieces. */
export class KeyDecoder {
  #pending = ''
  /** A part of a pasted text was given already. */
  #isSlowPaste = false

  /** Whether the beginning of a sequence waits for its rest: it may also be the Escape key alone. */
  get isWaiting(): boolean {
    return this.#pending !== ''
  }

  push(text: string): BrowseEvent[] {
    const events: BrowseEvent[] = []
    let rest = this.#pending + text
    this.#pending = ''
    while (rest !== '') {
      if (rest.startsWith(pasteStart)) {
        const end = rest.indexOf(pasteEnd)
        const until = end < 0 && this.#isSlowPaste ? rest.indexOf(interrupt) : end
        if (until < 0) {
          this.#pending = rest
          return events
        }
        const pasted = rest.slice(pasteStart.length, until)
        if (pasted !== '') events.push({kind: 'paste', text: pasted})
        this.#isSlowPaste = false
        rest = rest.slice(end < 0 ? until : end + pasteEnd.length)
        continue
      }
      if (beginning.test(rest) || pasteStart.startsWith(rest)) {
        this.#pending = rest
        return events
      }
      const found = sequence.exec(rest)
      const length = found ? found[0].length : lengthOfKey(rest)
      const event = found ? eventOf(found) : keyEvent(nameOf(rest.slice(0, length)))
      if (event) events.push(event)
      rest = rest.slice(length)
    }
    return events
  }

  /** No more came for a while. @returns the keys that the beginning of a sequence was, or what was pasted so far. */
  flush(): BrowseEvent[] {
    const text = this.#pending
    if (text.startsWith(pasteStart)) {
      // What comes later is not typed either.
      const tail = begunEnd(text)
      this.#pending = pasteStart + tail
      this.#isSlowPaste = true
      const pasted = text.slice(pasteStart.length, text.length - tail.length)
      return pasted === '' ? [] : [{kind: 'paste', text: pasted}]
    }
    this.#pending = ''
    return [...text].map(character => keyEvent(nameOf(character)))
  }
}

const keyEvent = (key: string): BrowseEvent => ({kind: 'key', key})

/** Units of the first character. */
const lengthOfKey = (text: string): number => (text.codePointAt(0)! > 0xffff ? 2 : 1)

function nameOf(text: string): string {
  const known = controls[text]
  if (known !== undefined) return known
  const code = text.charCodeAt(0)
  return code < 0x20 ? `ctrl-${String.fromCharCode(code + 0x60)}` : text
}

function eventOf([, mouse, numbers = '', letter = '', plain]: RegExpExecArray): BrowseEvent | undefined {
  if (plain !== undefined) return keyEvent(byLetter[plain] ?? 'unknown')
  const parts = numbers.split(';')
  if (mouse === '<') return mouseEvent(parts.map(Number), letter)
  const name = letter === '~' ? byNumber[parts[0]!] : byLetter[letter]
  const modifier = modifiers[Number(parts[1] ?? 1) - 1] ?? ''
  return keyEvent(name === undefined ? 'unknown' : name === 'shift-tab' ? name : `${modifier}${name}`)
}

function mouseEvent([button = 0, x = 1, y = 1]: readonly number[], letter: string): BrowseEvent | undefined {
  const action = button === 64 ? 'up' : button === 65 ? 'down' : button === 0 && letter === 'M' ? 'press' : undefined
  return action && {kind: 'mouse', x: x - 1, y: y - 1, action}
}
