import type {End} from '../../wire/chunk.js'
import {type Line, linesOf} from '../../wire/hex/hex-lines.js'
import {InputError} from '../../wire/input-error.js'
import {fromBase64} from '../../wire/text/base64.js'
import {parseTime} from '../../wire/time.js'
import {endpointOf, FollowBuilder, type FollowDump, lineError} from './follow-dump.js'

/** A value of an item: the lines of its text (several in a block or folded value) and the line where it begins. */
interface Value {
  readonly line: Line
  readonly pieces: string[]
}

interface Item {
  readonly line: Line
  readonly values: Map<string, Value>
}

type Section = 'peers' | 'packets'

const key = /^(["']?)([\w.-]+)\1\s*:(?:\s+(.*))?$/
const blockMark = /^[|>][+-]?\d?[+-]?$/
const tag = /^!(?:<[^>]*>|[\w!.:/-]*)\s*/

/** Matches the follow YAML of tshark and Wireshark, and the older one of Wireshark 3. */
export const followYaml =
  /^[ \t]*["']?(?:peers|packets)["']?[ \t]*:[ \t]*(?:\[\])?[ \t\r]*(?:#.*)?$|^peer[01]_\d+: !!binary/m

/**
 * Read tshark's follow YAML, written by any program: `peers` (peer, host, port) and `packets` (peer, timestamp, data,
 * packet), keys in any order, any indentation, quotes or none, data as block, folded or on one line; items in braces.
 * Other keys are ignored. Wireshark 3 wrote `peer0_0: !!binary |` after `# Packet 4`, without times.
 * @returns a dump for each repetition of the two lists.
 * @throws InputError for a packet without peer or data, an impossible time, data that is not base64, and a line that is
 *   not part of such YAML.
 */
export function parseFollowYaml(text: string): FollowDump[] {
  return new YamlReader(text).read()
}

class YamlReader {
  readonly #text: string
  readonly #dumps: FollowBuilder[] = [new FollowBuilder('yaml')]
  readonly #seen = new Set<Section>()
  #section: Section | undefined
  #item: Item | undefined
  #open: Value | undefined
  #comment = ''

  constructor(text: string) {
    this.#text = text
  }

  read(): FollowDump[] {
    for (const line of linesOf(this.#text)) {
      const content = line.text.trim()
      if (content.startsWith('#')) this.#comment = content
      else if (content !== '' && !/^(?:---|\.\.\.$|%)/.test(content)) this.#line(line, content)
    }
    this.#close()
    return this.#dumps
  }

  #line(line: Line, content: string): void {
    const entry = content.replace(/^-(?:\s+|$)/, '')
    if (entry !== content) {
      this.#close()
      this.#item = {line, values: new Map()}
      if (entry === '') return
      if (entry.startsWith('{')) {
        this.#braces(line, entry)
        return
      }
    }
    const [, , name, value = ''] = key.exec(entry) ?? []
    if (name === undefined) {
      if (this.#open === undefined)
        throw lineError(this.#text, line, line.text.length - line.text.trimStart().length, 'is not part of follow YAML')
      this.#open.pieces.push(content)
    } else if (entry === content && this.#heading(line, name, value)) return
    else this.#set(line, name, value)
  }

  /** Take a key that begins a list, an old-style packet or another part. @returns false for a key of an item. */
  #heading(line: Line, name: string, value: string): boolean {
    const top = /^\S/.test(line.text)
    if (name === 'peers' || name === 'packets') {
      this.#close()
      if (this.#seen.has(name)) {
        this.#dumps.push(new FollowBuilder('yaml'))
        this.#seen.clear()
      }
      this.#seen.add(name)
      this.#section = name
      return true
    }
    const old = top ? /^peer([01])_\d+$/.exec(name) : null
    if (old !== null) {
      this.#close()
      this.#section = 'packets'
      this.#item = {line, values: new Map()}
      this.#set(line, 'peer', old[1] ?? '')
      const packet = /Packet (\d+)/.exec(this.#comment)?.[1]
      if (packet !== undefined) this.#set(line, 'packet', packet)
      this.#set(line, 'data', value)
      return true
    }
    if (!top && this.#item !== undefined) return false
    this.#close()
    this.#section = undefined
    this.#open = {line, pieces: []}
    return true
  }

  #braces(line: Line, entry: string): void {
    if (!entry.endsWith('}'))
      throw lineError(this.#text, line, line.text.indexOf('{'), 'has a brace that is not closed on it')
    for (const match of entry.slice(1, -1).matchAll(/\s*((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^,"'])+)/g)) {
      const [, , name, value = ''] = key.exec((match[1] ?? '').trim()) ?? []
      if (name === undefined)
        throw lineError(this.#text, line, line.text.indexOf('{'), 'has braces that do not hold key: value')
      this.#set(line, name, value)
    }
  }

  #set(line: Line, name: string, written: string): void {
    const value = written.replace(tag, '').replace(/(?:^|\s+)#.*$/, '')
    this.#open = {line, pieces: blockMark.test(value) ? [] : [value]}
    this.#item?.values.set(name, this.#open)
  }

  #close(): void {
    const item = this.#item
    if (item !== undefined && this.#section === 'peers') this.#peer(item)
    if (item !== undefined && this.#section === 'packets') this.#packet(item)
    this.#item = undefined
    this.#open = undefined
  }

  get #dump(): FollowBuilder {
    return this.#dumps.at(-1)!
  }

  #peer(item: Item): void {
    this.#dump.peers[this.#end(item)] = endpointOf(plain(item.values.get('host')), plain(item.values.get('port')))
  }

  #packet(item: Item): void {
    const data = item.values.get('data')
    if (data === undefined) throw lineError(this.#text, item.line, 0, 'begins a packet without data')
    const base64 = plain(data).replace(/[\s\\]/g, '')
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.replace(/=+$/, '').length % 4 === 1) {
      throw lineError(this.#text, data.line, 0, 'begins data that is not base64')
    }
    const timestamp = item.values.get('timestamp')
    const written = plain(timestamp)
    const time = written === '' || written === 'null' || written === '~' ? null : parseTime(written)
    if (time === undefined && timestamp !== undefined)
      throw lineError(this.#text, timestamp.line, 0, `has ${JSON.stringify(written.slice(0, 32))}, which is not a time`)
    const packet = plain(item.values.get('packet'))
    this.#dump.add(
      this.#end(item),
      fromBase64(base64),
      time ?? null,
      /^\d{1,15}$/.test(packet) ? Number(packet) : undefined,
    )
  }

  #end(item: Item): End {
    const peer = item.values.get('peer')
    const number = plain(peer)
    if (number === '0' || number === '1') return number === '0' ? 0 : 1
    if (peer === undefined)
      throw lineError(
        this.#text,
        item.line,
        0,
        `begins a ${this.#section === 'peers' ? 'peer' : 'packet'} that does not say which peer it is`,
      )
    throw new InputError(
      `peer ${JSON.stringify(number.slice(0, 32))} in line ${peer.line.number} of the stream dump is not 0 or 1`,
      'a dump holds the two ends of one connection',
      'bad-stream',
    )
  }
}

/** The text of a value without its quotes; empty for a missing value. */
function plain(value: Value | undefined): string {
  const text = value?.pieces.join('').trim() ?? ''
  const quoted = /^(["'])(.*)\1$/s.exec(text)
  return quoted === null ? text : (quoted[2] ?? '')
}
