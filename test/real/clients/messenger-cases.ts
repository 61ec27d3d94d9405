import type {RuleCode} from '../../../src/expert/rules.js'
import type {Event} from '../toxcore/messages.js'

/** A packet to a friend, and what the application of the receiver hears of it if its library takes it. */
export interface MessengerCase {
  readonly name: string
  /** The packet, from its id on. */
  readonly packet: Uint8Array
  readonly event: Event['event']
  readonly where?: (event: Event) => boolean
  /** The rule that it breaks. */
  readonly rule?: RuleCode
  readonly isLossy?: boolean
  /** A packet that undoes what it does, for the next one. */
  readonly after?: Uint8Array
}

const bytes = (...parts: readonly (number | string | Uint8Array)[]): Uint8Array =>
  Buffer.concat(
    parts.map(part =>
      typeof part === 'number' ? Uint8Array.of(part) : typeof part === 'string' ? Buffer.from(part, 'hex') : part,
    ),
  )
const letters = (count: number): Uint8Array => new Uint8Array(count).fill(0x6c)
const notText = Uint8Array.of(0x68, 0xff, 0xfe)

/** Most bytes of a packet that the sender can be made to send. */
const longest = 1360

/**
 * Packets with one text.
 * @param head the bytes before the text: a conference takes each message number once.
 * @param emptyRule what is wrong without text.
 */
function texts(
  title: string,
  head: () => Uint8Array,
  [event, most]: readonly [Event['event'], number],
  emptyRule?: RuleCode,
): readonly MessengerCase[] {
  const ofText = (name: string, text: Uint8Array, rule?: RuleCode): MessengerCase => ({
    ...{name: `${title} ${name}`, packet: bytes(head(), text), event},
    ...(rule && {rule}),
  })
  const cases = [
    ofText('of one byte', letters(1)),
    // A name that is none already is not reported again: one comes before.
    ofText('without text', letters(0), emptyRule),
    ofText('that is not UTF-8', notText, 'inner-text'),
    ofText('of all bytes', letters(most)),
  ]
  return most < longest - 20 ? [...cases, ofText('of one byte more', letters(most + 1), 'inner-too-long')] : cases
}

const fileEvent =
  (number: number) =>
  (event: Event): boolean =>
    'file' in event && event.file === (number + 1) << 16
const fileId = new Uint8Array(32).fill(7)
/** An offer of an avatar, which the receiver does not answer. */
const offer = (number: number, name: Uint8Array): Uint8Array =>
  bytes(80, number, '00000001', '0000000000100000', fileId, name)
const control = (number: number, rest: string, direction = 0): Uint8Array => bytes(81, direction, number, rest)
const files = (number: number, name: string, packet: Uint8Array, rule?: RuleCode): MessengerCase => ({
  ...{name, packet, event: packet[0] === 80 ? 'offer' : 'control', where: fileEvent(number)},
  ...(rule && {rule}),
})

const conferenceId = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const invitation = (name: string, packet: Uint8Array, rule?: RuleCode): MessengerCase => ({
  ...{name, packet, event: 'invite'},
  ...(rule && {rule}),
})

/** Messages of a conference have numbers, of which each receiver takes those that are higher than the last one. */
let messageNumber = 1000
/** From the member that began it, peer 0, in the receiver's conference 0. */
const toAll = (id: number): Uint8Array => bytes(99, '00000000', (messageNumber++).toString(16).padStart(8, '0'), id)

export const profileCases: readonly MessengerCase[] = [
  ...texts('Nickname', () => bytes(48), ['name', 128]),
  ...texts('StatusMessage', () => bytes(49), ['status_message', 1007]),
  {name: 'UserStatus busy', packet: bytes(50, 2), event: 'status'},
  {name: 'UserStatus 3', packet: bytes(50, 3), event: 'status', rule: 'inner-value'},
  {name: 'UserStatus without a status', packet: bytes(50), event: 'status', rule: 'inner-too-short'},
  {name: 'UserStatus with a byte more', packet: bytes(50, 1, 0), event: 'status', rule: 'inner-trailing-bytes'},
  {name: 'Offline with a byte more', packet: bytes(25, 0), event: 'friend', rule: 'inner-trailing-bytes'},
  {name: 'Typing', packet: bytes(51, 1), event: 'typing'},
  {name: 'Typing 2', packet: bytes(51, 2), event: 'typing', rule: 'inner-value-tox-rs'},
  {name: 'Typing without a status', packet: bytes(51), event: 'typing', rule: 'inner-too-short'},
  {name: 'Typing with a byte more', packet: bytes(51, 0, 0), event: 'typing', rule: 'inner-trailing-bytes'},
  ...texts('Message', () => bytes(64), ['message', longest - 1], 'message-empty'),
  ...texts('Action', () => bytes(65), ['action', longest - 1], 'message-empty'),
]

export const customCases: readonly MessengerCase[] = [
  {name: 'CustomLossless without data', packet: bytes(160), event: 'custom'},
  {name: 'the last id of CustomLossless', packet: bytes(191, 1, 2), event: 'custom'},
  {name: 'an id that nobody knows', packet: bytes(63, 1, 2), event: 'custom', rule: 'inner-kind-unknown'},
  {name: 'CustomLossy without data', packet: bytes(200), event: 'custom', isLossy: true},
  {name: 'the last id of CustomLossy', packet: bytes(254, 1, 2), event: 'custom', isLossy: true},
  {name: 'the id after it', packet: bytes(255, 1, 2), event: 'custom', isLossy: true, rule: 'inner-kind-unknown'},
]

export const fileCases: readonly MessengerCase[] = [
  files(1, 'FileSendRequest', offer(1, letters(4))),
  files(2, 'FileSendRequest without a name', offer(2, letters(0))),
  files(3, 'FileSendRequest with a name of all bytes', offer(3, letters(255))),
  files(4, 'FileSendRequest with a name of one byte more', offer(4, letters(256)), 'inner-too-long'),
  files(5, 'FileSendRequest with a name that is not UTF-8', offer(5, notText), 'inner-text'),
  files(6, 'FileSendRequest that is cut off', offer(6, letters(0)).subarray(0, 40), 'inner-too-short'),
  files(255, 'FileSendRequest with the number 255', offer(255, letters(1))),
  files(1, 'FileControl that is cut off', control(1, ''), 'inner-too-short'),
  files(1, 'FileControl 4', control(1, '04'), 'inner-value'),
  files(1, 'FileControl kill', control(1, '02')),
  files(2, 'FileControl kill of direction 2', control(2, '02', 2), 'inner-value-tox-rs'),
  files(3, 'FileControl kill with a byte more', control(3, '0200'), 'inner-trailing-ignored'),
]

/** Titles whose length c-toxcore reads modulo 256. */
const wrappedTitles = (): readonly MessengerCase[] =>
  [255, 256, 257, 384, 385, 512, 513].map(size => ({
    ...{name: `ConferenceChangeTitle of ${size} bytes`, packet: bytes(toAll(49), letters(size))},
    ...{event: 'conference_title', rule: [1, 128].includes(size % 256) ? 'conference-title-wraps' : 'inner-too-long'},
  }))

export const conferenceCases: readonly MessengerCase[] = [
  // A member takes the first title that it hears of from another one alone.
  ...texts('ConferenceTitle', () => bytes(98, '0000', 10), ['conference_title', 128], 'message-empty')
    .toReversed()
    .slice(0, 2),
  ...texts('ConferenceText', () => toAll(64), ['conference_message', longest - 10], 'message-empty'),
  ...texts('ConferenceAction', () => toAll(65), ['conference_message', longest - 10], 'message-empty'),
  ...texts('ConferenceChangeTitle', () => toAll(49), ['conference_title', 128], 'message-empty'),
  ...wrappedTitles(),
  ...texts('ConferenceChangeName', () => toAll(48), ['member_name', 128]),
  invitation('ConferenceInvite', bytes(96, 0, '0007', 0, conferenceId(1))),
  invitation('ConferenceInvite of type 2', bytes(96, 0, '0007', 2, conferenceId(2)), 'inner-value-tox-rs'),
  invitation('ConferenceInvite that is cut off', bytes(96, 0, '0007', 0, '01'), 'inner-too-short'),
  invitation('ConferenceInvite with a byte more', bytes(96, 0, '0007', 0, conferenceId(3), 0), 'inner-trailing-bytes'),
]

const call = (name: string, rest: string, rule?: RuleCode): MessengerCase => ({
  ...{name: `Msi ${name}`, packet: bytes(69, rest), event: 'called', after: bytes(69, '01010200')},
  ...(rule && {rule}),
})
/** A request for a call with sound, each of its items, and the byte that ends them. */
const [init, sound, end] = ['010100', '030114', '00']

export const callCases: readonly MessengerCase[] = [
  call('init', `${init}${sound}${end}`),
  call('init in another order', `${sound}${init}${end}`),
  call('init with a byte after the last', `${init}${sound}${end}05`, 'inner-trailing-bytes'),
  call('init with a zero byte after the last', `${init}${sound}${end}00`, 'inner-trailing-ignored'),
  call('init with an unknown item', `${init}${sound}040100${end}`, 'inner-value'),
  call('init with an item of two bytes', `${init}030214${end}`, 'inner-value'),
  call('request 4', `010104${sound}${end}`, 'inner-value'),
  call('request 3', `010103${sound}${end}`, 'inner-value-c-toxcore'),
  call('without a request', `${sound}${end}`, 'call-item-missing'),
  call('init without capabilities', `${init}${end}`, 'call-item-missing'),
  call('init with 84 items', `${init}${sound.repeat(83)}${end}`),
  call('init after another request', `010102${init}${sound}${end}`),
  call('init with 85 items', `${init}${sound.repeat(84)}${end}`, 'call-too-long'),
]
