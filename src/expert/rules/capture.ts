import {limits} from '../../protocol/limits.js'
import {bytesCount} from '../../protocol/text.js'
import {rule} from '../rule.js'

/** What toxtcp could not see or had to guess. No receiver reacts to any of it. */
export const captureRules = {
  'bytes-missing': rule<{bytes: number}>({
    group: 'capture',
    about: 'Bytes of the stream were not captured.',
    effect: {},
    source: '-',
    say: d => `${bytesCount(d.bytes)} of the stream ${d.bytes === 1 ? 'is' : 'are'} missing`,
  }),
  resynchronised: rule<{bytes: number}>({
    group: 'capture',
    about: 'Bytes after a gap, or at the start of the capture, that do not belong to a whole frame.',
    effect: {},
    otherwise: 'chat',
    source: '-',
    say: d => `${bytesCount(d.bytes)} skipped to the next frame`,
  }),
  'begins-in-the-middle': rule({
    group: 'capture',
    about: 'The stream does not begin with a handshake.',
    effect: {},
    source: '-',
    say: () => 'no handshake: the stream begins in the middle',
  }),
  'not-aligned': rule<{bytes: number}>({
    group: 'capture',
    about: 'No frame boundary can be found after a gap.',
    effect: {},
    source: '-',
    say: d => `no frame boundary found in ${bytesCount(d.bytes)}`,
  }),
  'client-left': rule<{why: string}>({
    group: 'capture',
    about:
      'The client closes a connection on which nothing is wrong: it quits, or does not need the relay any more. A ' +
      `c-toxcore client leaves a relay after ${limits.unusedRelay} seconds if no friend and no onion path of it uses ` +
      `the relay while more than ${limits.recommendedRelaysPerFriend} others are connected, or if all of the ` +
      "relay's friends are reached over UDP.",
    effect: {},
    otherwise: 'chat',
    source: 'c-toxcore TCP_connection.c kill_tcp_connections, kill_nonused_tcp, do_tcp_conns',
    say: d => `nothing is wrong with it: ${d.why}`,
  }),
  'proxy-refused': rule<{reply: string}>({
    group: 'capture',
    about: 'The proxy did not connect the client to the relay: no Tox connection came about.',
    effect: {},
    source: '-',
    say: d => `the proxy did not connect to the relay: ${d.reply}`,
  }),
  'guessed-by-sizes': rule({
    group: 'capture',
    about:
      'Only sizes of messages speak for Tox: no answered handshake was captured. Until a box opens, nobody is accused.',
    effect: {},
    source: '-',
    say: () => 'a guess by the sizes of its messages: it may be another protocol',
  }),
  'also-readable-as': rule<{read: string; other: string; as: string}>({
    group: 'capture',
    about: 'Bytes given without context that can be read in more than one way.',
    effect: {},
    otherwise: 'chat',
    source: '-',
    say: d => `read as ${d.read}; it could also be ${d.other} (--as ${d.as})`,
  }),
  'order-inferred': rule({
    group: 'capture',
    about:
      'Two raw halves of a stream do not show the order between the sides. It is inferred from cause and effect, ' +
      'and no finding depends on it.',
    effect: {},
    otherwise: 'chat',
    source: '-',
    say: () => 'the order between the two sides is inferred from cause and effect',
  }),
  'inner-sealed': rule<{title: string; publicKeys: string}>({
    group: 'capture',
    about: 'The box inside a packet stays sealed: keys were given, but none that opens it.',
    effect: {},
    otherwise: 'chat',
    source: '-',
    say: d =>
      d.publicKeys === ''
        ? `no key opens the box of ${d.title}, and it names none`
        : `no key opens the box of ${d.title}: a TOX_SECRET_KEY or TOX_SHARED_KEY line of ${d.publicKeys} would`,
  }),
  'bytes-conflict': rule<{position: number; packet: number}>({
    group: 'capture',
    about:
      'A segment has other bytes than an earlier one for the same place in the stream. ' +
      'The earlier ones are used, as a receiver does.',
    effect: {},
    source: '-',
    say: d => `packet ${d.packet} has other bytes for offset ${d.position} of the stream: the first ones are used`,
  }),
}
