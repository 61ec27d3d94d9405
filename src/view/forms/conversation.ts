import {fileControls, streamSize} from '../../protocol/messenger/file-transfer.js'
import {userStatusTexts} from '../../protocol/messenger/profile.js'
import {isPacket, packetFields} from '../../protocol/table.js'
import {excerpt, shortKey} from '../../protocol/text.js'
import {peers, saidProfiles} from '../../session/conversation/limits.js'
import {type Spoken, SpokenPackets} from '../../session/conversation/spoken.js'
import {type Transfer, Transfers} from '../../session/conversation/transfers.js'
import {BoundedMap} from '../../session/inner/bounded-map.js'
import {groupedText} from '../../wire/text/phrases.js'
import {fieldsOf, type Window} from '../../wire/window.js'
import {escapeText} from '../escape.js'
import {theme} from '../theme.js'
import {timeWidths} from '../time.js'
import type {FormatOptions, TextFormat} from './format.js'

/** Parts of a file after which its progress is reported. */
const quarters = 4

/** What peers say to each other, in words. */
class Conversation {
  readonly #spoken = new SpokenPackets()
  readonly #transfers = new Transfers({keepsData: false})
  /** By key in hex. */
  readonly #names = new BoundedMap<string, string>(peers)
  readonly #labels: ReadonlyMap<string, string>
  readonly #savedNames: ReadonlyMap<string, string>
  /** What each peer said last of its profile, so that what says nothing new is left out. */
  readonly #profile = new BoundedMap<string, string>(saidProfiles)

  constructor({labels, savedNames}: Pick<FormatOptions, 'labels' | 'savedNames'>) {
    this.#labels = labels ?? new Map()
    this.#savedNames = savedNames ?? new Map()
  }

  readonly take = (record: Parameters<SpokenPackets['take']>[0]): readonly [who: string, words: string] | undefined => {
    const spoken = this.#spoken.take(record)
    if (!spoken) return undefined
    const before = spoken.sender === null ? undefined : this.#nameOf(spoken.sender)
    const words = this.#wordsOf(spoken)
    return words === undefined ? undefined : [`${before ?? '?'} > ${this.#nameOf(spoken.receiver)}`, words]
  }

  /** Learns the name that a record says, without showing it. */
  readonly skip = (record: Parameters<SpokenPackets['take']>[0]): void => {
    const spoken = this.#spoken.take(record, false)
    if (spoken) this.#learnName(spoken)
  }

  #learnName({sender, packet}: Spoken): string | undefined {
    const nickname = packetFields(packet, 'nickname')?.nickname
    if (sender === null || nickname === undefined || nickname === '') return nickname
    this.#names.set(sender, nickname)
    // The DHT key of a peer is another one after it starts again.
    const real = this.#spoken.realKeyOf(sender)
    if (real !== undefined) this.#names.set(real, nickname)
    return nickname
  }

  /** The name that the user gave, else the one that the peer said last, else the one of a save. */
  #nameOf(key: string | null): string {
    if (key === null) return '?'
    const real = this.#spoken.realKeyOf(key) ?? key
    const label = this.#labels.get(key) ?? this.#labels.get(real)
    return label ?? this.#names.get(real) ?? this.#names.get(key) ?? this.#savedNames.get(real) ?? shortKey(key)
  }

  #wordsOf(spoken: Spoken): string | undefined {
    const {packet, carried} = spoken
    const {name} = packet.type
    switch (name) {
      case 'message':
        return textIn(packet)
      case 'action':
        return `* ${textIn(packet) ?? ''}`
      case 'friend_request':
      case 'friend_requests':
        return `asks to be a friend: ${quoted(packet, 'message')}`
      case 'nickname': {
        const nickname = this.#learnName(spoken)
        if (nickname === undefined || !this.#isNews(spoken, nickname)) return undefined
        return `is called ${excerpt(nickname)}`
      }
      case 'status_message': {
        const text = textIn(packet)
        return text === undefined || !this.#isNews(spoken, text) || text === '' ? undefined : `status: ${excerpt(text)}`
      }
      case 'user_status': {
        const status = packetFields(packet, 'user_status')?.status ?? -1
        return this.#isNews(spoken, String(status))
          ? `is ${userStatusTexts[status] ?? `of status ${status}`}`
          : undefined
      }
      case 'typing': {
        const status = packetFields(packet, 'typing')?.status
        if (!this.#isNews(spoken, String(status))) return undefined
        return status === 0 ? 'stops typing' : 'is typing'
      }
      case 'online':
        return this.#isNews(spoken, 'online', 'presence') ? 'is online' : undefined
      case 'offline':
        return this.#isNews(spoken, 'offline', 'presence') ? 'goes offline' : undefined
      case 'crypto_kill':
        return this.#isNews(spoken, 'killed', 'presence') ? 'ends the session' : undefined
      case 'file_send_request':
      case 'file_control':
      case 'file_data':
        return this.#transferWords(spoken)
      case 'msi':
      case 'custom_lossless':
      case 'custom_lossy':
      case 'group_invitation':
      case 'conference_invitation':
        return summaryOf(carried ?? packet)
      case 'conference_message':
      case 'conference_direct':
        return carried && carried.type.name !== 'conference_ping' ? summaryOf(carried) : undefined
      default:
        return undefined
    }
  }

  /** Whether a peer says something else than before. What it says to all friends counts for each. */
  #isNews({sender, receiver, packet}: Spoken, value: string, what: string = packet.type.name): boolean {
    const key = `${sender} ${receiver} ${what}`
    const isNew = this.#profile.get(key) !== value
    this.#profile.set(key, value)
    return isNew
  }

  #transferWords(spoken: Spoken): string | undefined {
    const {packet} = spoken
    const before = isPacket(packet, 'file_data') ? this.#transfers.find(spoken)?.received : undefined
    const transfer = this.#transfers.take(spoken)
    const offer = packetFields(packet, 'file_send_request')
    if (offer) {
      const size = offer.file_size === streamSize ? 'a stream' : `${groupedText(Number(offer.file_size))} bytes`
      return `offers file ${transfer?.number ?? ''} ${excerpt(offer.file_name)}, ${size}`
    }
    const control = packetFields(packet, 'file_control')
    const named = transfer ? `file ${transfer.number} ${excerpt(transfer.name)}` : 'an unknown file'
    if (control) return `${controlWords[control.control_type] ?? 'answers'} ${named}`
    return transfer && before !== undefined ? progressOf(transfer, before, named) : undefined
  }
}

const controlWords = fileControls.map(word => (word === 'kill' ? 'ends' : `${word}s`))

/** Each quarter of a file, and its end. */
function progressOf({received, size, isComplete}: Transfer, before: number, named: string): string | undefined {
  if (isComplete) return `${named}: complete, ${groupedText(received)} bytes`
  if (size === undefined || size === 0) return undefined
  const quarter = Math.floor((received * quarters) / size)
  if (quarter === Math.floor((before * quarters) / size)) return undefined
  return `${named}: ${(quarter * 100) / quarters} %`
}

function textIn(window: Window): string | undefined {
  const text = fieldsOf(window)?.['text']
  return typeof text === 'string' ? text : undefined
}

function quoted(window: Window, field: string): string {
  const text = fieldsOf(window)?.[field]
  return typeof text === 'string' ? excerpt(text) : ''
}

function summaryOf(window: Window): string {
  const values = fieldsOf(window)
  return values ? `${window.type.title} ${window.type.summary(values)}`.trimEnd() : window.type.title
}

export const conversationFormat: TextFormat = {
  about: 'what peers say to each other: messages, names, presence, files; needs the keys of their sessions',
  takes: ['time', 'labels', 'color'],
  isData: false,
  writer(options, times) {
    const conversation = new Conversation(options)
    const paint = theme(options.colorLevel, options.colors)
    return {
      head: '',
      skip: conversation.skip,
      text(record) {
        const found = conversation.take(record)
        const time = times.text(record).padStart(timeWidths[options.timeForm])
        if (!found) return ''
        const [who, words] = found
        return `${paint.time(time)}  ${paint.title(escapeText(who))}  ${escapeText(words)}\n`
      },
    }
  },
}
