import {avatarType, fileControls, streamSize} from '../../protocol/messenger/file-transfer.js'
import {packetFields} from '../../protocol/table.js'
import {excerpt} from '../../protocol/text.js'
import type {Spoken} from '../../session/conversation/spoken.js'
import {type Transfer, Transfers} from '../../session/conversation/transfers.js'
import type {SessionRecord} from '../../session/record.js'
import {groupedCount, groupedText} from '../../wire/text/phrases.js'
import {fieldsOf, type Window} from '../../wire/window.js'
import {Calls} from '../conversation/calls.js'
import {ConferenceConversation} from '../conversation/conferences.js'
import {discardedText} from '../conversation/discarded.js'
import {GroupConversation, invitationWords} from '../conversation/group-words.js'
import {NothingSaid} from '../conversation/nothing-said.js'
import {LastSaid, quoted, statusText, summaryOf} from '../conversation/said.js'
import {escapeText} from '../escape.js'
import {type GivenNames, PeerNames} from '../peer-names.js'
import {textWidth} from '../text-width.js'
import {theme} from '../theme.js'
import {timeWidths} from '../time.js'
import {wrap} from '../wrap.js'
import type {TextFormat} from './format.js'

/** Parts of a file after which its progress is reported. */
const quarters = 4

/** Fewest columns of words below each other; where the names leave less, they begin further left. */
const narrowestWords = 30

/** What peers say to each other, in words. */
class Conversation {
  readonly #names: PeerNames
  readonly #inGroups: GroupConversation
  readonly #inConferences: ConferenceConversation
  readonly #transfers = new Transfers({keepsData: false})
  readonly #calls = new Calls()
  readonly #last = new LastSaid()

  constructor(names: GivenNames) {
    this.#names = new PeerNames(names)
    this.#inGroups = new GroupConversation(this.#names)
    this.#inConferences = new ConferenceConversation(this.#names)
  }

  readonly take = (record: SessionRecord): readonly [who: string, words: string] | undefined => {
    const spoken = this.#names.take(record, true)
    if (!spoken) return undefined
    if (spoken.group) return this.#inGroups.take(spoken, spoken.group)
    if (spoken.packet.type.name.startsWith('conference_')) return this.#inConferences.take(spoken)
    const before = this.#names.nameOrKey(spoken.sender)
    const words = this.#wordsOf(spoken)
    return words === undefined ? undefined : [`${before} > ${this.#names.nameOrKey(spoken.receiver)}`, words]
  }

  /** Learns the name that a record says, without showing it. */
  readonly skip = (record: SessionRecord): void => this.#names.learn(record)

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
        return `asks to be a friend: ${quoted(textIn(packet, 'message') ?? '')}`
      case 'nickname': {
        const nickname = this.#names.learnSpoken(spoken)
        if (nickname === undefined || !this.#isNews(spoken, nickname)) return undefined
        return `is called ${quoted(nickname)}`
      }
      case 'status_message': {
        const text = textIn(packet)
        // Each session begins with the status, which is empty if the peer has none.
        return text === undefined || !this.#isNews(spoken, text, '') ? undefined : `status: ${quoted(text)}`
      }
      case 'user_status': {
        const status = packetFields(packet, 'user_status')?.status ?? -1
        return this.#isNews(spoken, String(status)) ? statusText(status) : undefined
      }
      case 'typing': {
        const status = packetFields(packet, 'typing')?.status
        if (!this.#isNews(spoken, String(status))) return undefined
        return status === 0 ? 'stops typing' : 'is typing'
      }
      case 'online':
        return this.#isNews(spoken, 'online', undefined, 'presence') ? 'is online' : undefined
      case 'offline':
        return this.#isNews(spoken, 'offline', undefined, 'presence') ? 'goes offline' : undefined
      case 'crypto_kill':
        return this.#isNews(spoken, 'killed', undefined, 'presence') ? 'ends the session' : undefined
      case 'file_send_request':
      case 'file_control':
      case 'file_data':
        return this.#transferWords(spoken)
      case 'msi':
      case 'audio_frame':
      case 'video_frame':
        return this.#calls.take(spoken)
      case 'custom_lossless':
      case 'custom_lossy':
        return summaryOf(packet, this.#names.keyText)
      case 'group_invitation':
        return carried && invitationWords(carried, this.#names)
      default:
        return undefined
    }
  }

  /**
   * Whether a peer says something else than before. What it says to all friends counts for each.
   * @param first the value before it said anything.
   */
  #isNews({sender, receiver, packet}: Spoken, value: string, first?: string, what = packet.type.name): boolean {
    return this.#last.isNews(`${sender} ${receiver} ${what}`, value, first)
  }

  #transferWords(spoken: Spoken): string | undefined {
    const {packet} = spoken
    const {received: before, isAccepted = false} = this.#transfers.find(spoken) ?? {}
    const transfer = this.#transfers.take(spoken)
    const offer = packetFields(packet, 'file_send_request')
    if (offer) {
      const size = offer.file_size === streamSize ? 'a stream' : groupedCount(offer.file_size, 'byte')
      const kind = offer.file_type === avatarType ? ', an avatar' : ''
      return `offers file ${transfer?.number ?? ''} ${quoted(offer.file_name)}, ${size}${kind}`
    }
    const control = packetFields(packet, 'file_control')
    const named = transfer ? `file ${transfer.number} ${excerpt(transfer.name)}` : 'an unknown file'
    if (control) {
      const place = control.position === null ? '' : ` to byte ${groupedText(control.position)}`
      const isGoingOn = control.control_type === 0 && (control.transfer_direction !== 1 || isAccepted)
      const word = isGoingOn ? 'resumes' : (controlWords[control.control_type] ?? 'answers')
      return `${word} ${named}${place}`
    }
    return transfer && before !== undefined ? progressOf(transfer, before, named) : undefined
  }
}

const controlWords = fileControls.map(word => (word === 'kill' ? 'ends' : `${word}s`))

/** Each quarter of a file, and its end. */
function progressOf({start, received, size, isComplete}: Transfer, before: number, named: string): string | undefined {
  const from = start === 0 ? '' : `, sent from byte ${groupedText(start)} on`
  if (isComplete) return `${named}: complete, ${groupedCount(received, 'byte')}${from}`
  if (size === undefined || size === 0) return undefined
  const quarter = Math.floor((received * quarters) / size)
  if (quarter === Math.floor((before * quarters) / size)) return undefined
  return `${named}: ${(quarter * 100) / quarters} %`
}

function textIn(window: Window, field = 'text'): string | undefined {
  const text = fieldsOf(window)?.[field]
  return typeof text === 'string' ? text : undefined
}

export const conversationFormat: TextFormat = {
  about: 'what peers and members of groups say to each other; needs the keys of their sessions',
  takes: ['time', 'labels', 'color'],
  isData: false,
  writer(options, times) {
    const conversation = new Conversation(options)
    const nothing = new NothingSaid()
    const paint = theme(options.colorLevel, options.colors)
    return {
      head: '',
      skip: conversation.skip,
      whyNothing: () => nothing.sentence,
      text(record) {
        const found = conversation.take(record)
        const time = times.text(record).padStart(timeWidths[options.timeForm])
        if (!found) {
          nothing.add(record)
          return ''
        }
        const [who, words] = [escapeText(found[0]), escapeText(`${found[1]}${discardedText(record)}`)]
        const column = time.length + textWidth(who) + 4
        const indent = Math.min(column, Math.max(time.length + 2, options.width - narrowestWords))
        const [first, ...more] = wrap(words, options.width - column, options.width - indent)
        const below = more.map(line => `${' '.repeat(indent)}${line}\n`).join('')
        return `${paint.time(time)}  ${paint.title(who)}${first === '' ? '' : `  ${first}`}\n${below}`
      },
    }
  },
}
