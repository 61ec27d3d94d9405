import {limits} from '../../protocol/limits.js'
import {bytesCount} from '../../protocol/text.js'
import {type RuleSpec, rule} from '../rule.js'

/** Relays pass on what they cannot read: only the clients at both ends act on what is in a box. */
const relaysPass = {c_toxcore_relay: 'accepts', tox_rs_relay: 'accepts'} as const
const bothDiscard = {...relaysPass, c_toxcore_client: 'discards', tox_rs_client: 'discards'} as const
const onlyToxcoreDiscards = {...relaysPass, c_toxcore_client: 'discards', tox_rs_client: 'accepts'} as const
const onlyToxRsDiscards = {...relaysPass, c_toxcore_client: 'accepts', tox_rs_client: 'discards'} as const
const bothAccept = {...relaysPass, c_toxcore_client: 'accepts', tox_rs_client: 'accepts'} as const

const sources = 'c-toxcore Messenger.c, friend_connection.c, group.c, group_chats.c, onion_client.c'

const inner = <D extends Record<string, number | string>>(
  spec: Omit<RuleSpec<D>, 'group' | 'source'> & Partial<Pick<RuleSpec<D>, 'source'>>,
) => rule<D>({group: 'inner packet', source: sources, ...spec})

export const innerRules = {
  'inner-too-short': inner<{title: string; length: number; field: string; least: number}>({
    about: 'What was in a box ends before its last field, or lacks bytes that the receiver requires.',
    advice: 'Write every field of the packet in full before you seal the box.',
    effect: bothDiscard,
    // A length that depends on the packet's own values is not named.
    say: d =>
      `${d.title} has ${bytesCount(d.length)}: ${d.field} is cut off` +
      (d.length < d.least ? `; at least ${d.least} are needed` : ''),
  }),
  'inner-too-long': inner<{title: string; field: string; size: number; most: number}>({
    about: 'A field of what was in a box is longer than its receiver takes.',
    advice: 'Shorten the field to what the message allows before you seal the box.',
    effect: bothDiscard,
    say: d => `${d.title}: ${d.field} has ${d.size}, at most ${d.most} are allowed`,
  }),
  'inner-trailing-bytes': inner<{title: string; bytes: number}>({
    about: 'Bytes follow the last field of what was in a box: c-toxcore discards it, tox-rs reads what it knows.',
    advice: 'End the packet at its last field before you seal the box.',
    effect: onlyToxcoreDiscards,
    say: d => `${bytesCount(d.bytes)} after the last field of ${d.title}`,
  }),
  'inner-trailing-ignored': inner<{title: string; bytes: number}>({
    about: 'Bytes follow the last field of a packet of which no receiver checks the exact length.',
    advice: 'End the packet at its last field before you seal the box: nobody reads what follows.',
    effect: bothAccept,
    say: d => `${bytesCount(d.bytes)} after the last field of ${d.title}, which receivers ignore`,
  }),
  'inner-nodes-rest': inner<{title: string; bytes: number}>({
    about:
      'Bytes follow the nodes of what was in a box, more nodes or a part of one: c-toxcore takes as many nodes as it ' +
      'uses and ignores the rest, and tox-rs discards all of the packet.',
    advice: 'End the packet at its last node before you seal the box, and send no more nodes than its page allows.',
    effect: onlyToxRsDiscards,
    source: 'c-toxcore DHT.c unpack_nodes; tox-rs ShareRelays, OnionAnnounceResponsePayload, DhtPkAnnouncePayload',
    say: d => `${bytesCount(d.bytes)} after the last node of ${d.title} that receivers take`,
  }),
  'inner-value': inner<{title: string; field: string; value: number}>({
    about: 'A field of what was in a box has a value that no receiver knows.',
    advice: "Write one of the values that the field defines: the page of the packet's type lists them.",
    effect: bothDiscard,
    say: d => `${d.title}: ${d.field} is ${d.value}, which has no meaning`,
  }),
  'inner-value-tox-rs': inner<{title: string; field: string; value: number}>({
    about:
      'A field of what was in a box has a value that c-toxcore passes on or takes for another one, and tox-rs refuses.',
    advice: "Write one of the values that the field defines: the page of the packet's type lists them.",
    effect: onlyToxRsDiscards,
    say: d => `${d.title}: ${d.field} is ${d.value}, which tox-rs refuses`,
  }),
  'inner-value-c-toxcore': inner<{title: string; field: string; value: number}>({
    on: ['msi'],
    about: 'A field of what was in a box has a value that c-toxcore refuses, and tox-rs reads.',
    advice: "Write one of the values that the field defines: the page of the packet's type lists them.",
    effect: onlyToxcoreDiscards,
    source: 'c-toxcore msi.c check_enum_high; tox-rs RequestKind',
    say: d => `${d.title}: ${d.field} is ${d.value}, which c-toxcore refuses`,
  }),
  'call-item-missing': inner<{title: string; item: string}>({
    on: ['msi'],
    about:
      'A message about a call without a request, or one that begins or changes the call without capabilities: ' +
      'c-toxcore discards it, and answers with an error, at which its sender ends the call.',
    advice: 'Write the request into each message, and the capabilities into those with init or push.',
    effect: bothDiscard,
    source: 'c-toxcore msi.c msg_parse_in, try_handle_init, handle_push; tox-rs Msi',
    say: d => `${d.title} has no ${d.item}`,
  }),
  'call-too-long': inner<{title: string; length: number; most: number}>({
    about: 'A message about a call has more items than tox-rs reads; c-toxcore reads all of them.',
    advice: 'Write each kind of item once.',
    effect: onlyToxRsDiscards,
    source: 'c-toxcore msi.c msg_parse_in; tox-rs Msi',
    say: d => `${d.title} has ${bytesCount(d.length)} after its id, and tox-rs reads at most ${d.most}`,
  }),
  'call-stray-endless': rule({
    group: 'inner packet',
    on: ['msi'],
    about:
      'Both peers say that they have no call. c-toxcore answers messages of a call that it does not have, and also ' +
      'such an answer: they go on until one of them calls the other one, or their session ends.',
    advice: 'Discard an error about a call that you do not have: an answer would be answered.',
    effect: bothAccept,
    source: 'c-toxcore msi.c msi_handle_packet, send_error',
    say: () => 'both peers have no call: each answers the error of the other one, without end',
  }),
  'inner-family': inner<{title: string; family: number}>({
    about: 'An address in a box has a family that no receiver knows: all of the packet is discarded.',
    advice: 'Write addresses with a family that the receiver knows, and leave out those that have none.',
    effect: bothDiscard,
    say: d => `${d.title}: address family ${d.family} is unknown`,
  }),
  'inner-family-rest': inner<{title: string; family: number}>({
    about:
      'An address in a box has a family that no receiver knows. c-toxcore takes what comes before it, and tox-rs ' +
      'discards all of the packet.',
    advice: 'Write addresses with a family that the receiver knows, and leave out those that have none.',
    effect: onlyToxRsDiscards,
    source: 'c-toxcore DHT.c unpack_nodes, group_chats.c handle_gc_ping; tox-rs ShareRelays',
    say: d => `${d.title}: address family ${d.family} is unknown, and what follows is not read`,
  }),
  'inner-text': inner<{title: string; field: string; byte: string}>({
    about: 'Text that is not UTF-8: c-toxcore delivers the bytes, tox-rs discards the packet.',
    advice: 'Encode text as UTF-8, and shorten it only between characters.',
    effect: onlyToxRsDiscards,
    say: d => `${d.title}: ${d.field} is not UTF-8 from byte 0x${d.byte} on`,
  }),
  'inner-padding': inner<{title: string}>({
    about: 'The 12 bytes after a padded IPv4 address are not zero; no receiver checks them.',
    advice: 'Fill the 12 bytes after an IPv4 address with zeros.',
    effect: bothAccept,
    say: d => `${d.title}: bytes of padding are not zero`,
  }),
  'inner-kind-unknown': inner<{title: string; kind: string}>({
    about: 'What was in a box begins with an id that no receiver knows.',
    advice: 'Begin the packet with an id that receivers know before you seal the box.',
    effect: bothDiscard,
    say: d => `${d.title} carries a packet with the unknown id 0x${d.kind}`,
  }),
  'handshake-cookie-hash': rule({
    group: 'inner packet',
    on: ['crypto_handshake'],
    about: 'The hash in the box of a crypto handshake is not that of its cookie: the receiver discards the handshake.',
    advice: `Make the SHA-512 hash of all ${limits.cookie} bytes of the cookie that this handshake carries.`,
    effect: bothDiscard,
    source: 'c-toxcore net_crypto.c handle_crypto_handshake; tox-rs validate_crypto_handshake',
    say: () => 'the hash in the box is not SHA-512 of the cookie',
  }),
  'message-empty': inner<{title: string}>({
    about: 'An empty message or name: c-toxcore ignores it, tox-rs delivers it.',
    advice: 'Send at least one byte of text.',
    effect: onlyToxcoreDiscards,
    say: d => `${d.title} has no text`,
  }),
  'conference-title-wraps': inner<{title: string; size: number; kept: number}>({
    about: 'A conference title over 255 bytes: c-toxcore counts its bytes in one byte, and takes only the first ones.',
    advice: `Shorten the title to ${limits.nickname} bytes.`,
    effect: onlyToxRsDiscards,
    source: 'c-toxcore group.c settitle; tox-rs ChangeTitle, Title',
    say: d => `${d.title}: title has ${d.size} bytes, of which c-toxcore takes the first ${d.kept}`,
  }),
}
