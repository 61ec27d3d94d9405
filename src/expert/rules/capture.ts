import {limits} from '../../protocol/limits.js'
import {bytesCount} from '../../protocol/text.js'
import {rule} from '../rule.js'

/** What toxtcp could not see or had to guess. No receiver reacts to any of it. */
export const captureRules = {
  'bytes-missing': rule<{bytes: number}>({
    group: 'capture',
    about: 'Bytes of the stream were not captured.',
    advice:
      'Capture whole packets (tcpdump -s 0) with a larger buffer (-B), and from before the connection begins ' +
      'until it ends.',
    effect: {},
    source: '-',
    say: d => `${bytesCount(d.bytes)} of the stream ${d.bytes === 1 ? 'is' : 'are'} missing`,
  }),
  resynchronised: rule<{bytes: number}>({
    group: 'capture',
    about: 'Bytes after a gap, or at the start of the capture, that do not belong to a whole frame.',
    advice:
      'Capture without losses, and from before the connection begins: ' +
      'what lies before a found frame cannot be read.',
    effect: {},
    otherwise: 'chat',
    source: '-',
    say: d => `${bytesCount(d.bytes)} skipped to the next frame`,
  }),
  'begins-in-the-middle': rule({
    group: 'capture',
    about: 'The stream does not begin with a handshake.',
    advice: 'Start the capture before the client connects, or give the line of this session in a key log.',
    effect: {},
    source: '-',
    say: () => 'no handshake: the stream begins in the middle',
  }),
  'not-aligned': rule<{bytes: number}>({
    group: 'capture',
    about: 'No frame boundary can be found after a gap.',
    advice:
      'Give the keys of the connection, with which frames are found by opening them, or capture again without losses.',
    effect: {},
    source: '-',
    say: d => `no frame boundary found in ${bytesCount(d.bytes)}`,
  }),
  'client-left': rule<{why: string}>({
    group: 'capture',
    about:
      'The client closes a connection on which nothing is wrong: it quits, or does not need the relay any more. A ' +
      'c-toxcore client leaves a relay that no online friend and no onion path of it uses while more than ' +
      `${limits.recommendedRelaysPerFriend} relays are connected: at once, or ${limits.unusedRelay} seconds after it ` +
      'asked there for a friend. After the same time it leaves a relay whose online friends are all reached over UDP.',
    advice: 'Change nothing: a client may leave a relay that it does not need.',
    effect: {},
    otherwise: 'chat',
    source: 'c-toxcore TCP_connection.c kill_tcp_connections, kill_nonused_tcp, do_tcp_conns',
    say: d => `nothing is wrong with it: ${d.why}`,
  }),
  'proxy-refused': rule<{reply: string}>({
    group: 'capture',
    about: 'The proxy did not connect the client to the relay: there is no Tox connection.',
    advice: 'Check the address of the relay and the rules of the proxy: its reply says why it refused.',
    effect: {},
    source: '-',
    say: d => `the proxy did not connect to the relay: ${d.reply}`,
  }),
  'guessed-by-sizes': rule({
    group: 'capture',
    about:
      'Only the sizes of messages suggest Tox: no answered handshake was captured. Nobody is accused until a box ' +
      'opens.',
    advice: 'Capture from before the connection begins, or give a key that opens one of its boxes.',
    effect: {},
    source: '-',
    say: () => 'a guess by the sizes of its messages: it may be another protocol',
  }),
  'also-readable-as': rule<{read: string; other: string; as: string}>({
    group: 'capture',
    about: 'Bytes given without context that can be read in more than one way.',
    advice: 'Choose the reading with --as if this one is wrong.',
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
    advice:
      'Give a capture file, or a dump that has both sides in the order in which they came, where the order matters.',
    effect: {},
    otherwise: 'chat',
    source: '-',
    say: () => 'the order between the two sides is inferred from cause and effect',
  }),
  'inner-sealed': rule<{title: string; publicKeys: string; missing: 'secret_key' | 'public_key' | 'base_nonce'}>({
    group: 'capture',
    about: 'The box inside a packet stays sealed: keys were given, but none that opens it.',
    advice: 'Give a key that the message names as a line of a key log: `toxtcp explain keylog` shows how.',
    effect: {},
    otherwise: 'chat',
    source: '-',
    say: d =>
      d.publicKeys === ''
        ? `no key opens the box of ${d.title}, and ${
            d.missing === 'base_nonce'
              ? 'the base nonces of a TOX_CRYPTO_SESSION line are not known: write them into the line, or give keys ' +
                'of the crypto handshakes'
              : 'it names none'
          }`
        : d.missing === 'public_key'
          ? `no key opens the box of ${d.title}: the secret key of ${d.publicKeys} is there, and the public key of ` +
            'the other half is not known; a TOX_SHARED_KEY line would open it'
          : `no key opens the box of ${d.title}: a TOX_SECRET_KEY or TOX_SHARED_KEY line of ${d.publicKeys} would`,
  }),
  'inner-failed': rule<{number: number}>({
    group: 'capture',
    about:
      'Crypto data does not open with the key of its session, which opened the data before it on this connection. ' +
      'What a peer cannot open it discards.',
    advice:
      'Compare the bytes with those at the other client: something on the way changed them, or the peers began ' +
      'another session over a path that was not captured.',
    effect: {},
    source: '-',
    say: d =>
      `the key that opened #${d.number} does not open it: its bytes were changed, or another session began that was ` +
      'not captured',
  }),
  'close-ignored': rule<{close: 'fin' | 'rst'}>({
    group: 'capture',
    about:
      'A FIN or RST ended nothing: what its side sent afterwards was acknowledged. The connection goes on after the ' +
      'end that was shown.',
    advice:
      'Find out who sent the FIN or RST: somebody injects packets, or something on the way sends them to one side ' +
      'only.',
    effect: {},
    source: '-',
    say: d => `the ${d.close.toUpperCase()} before ended nothing: what came after it was acknowledged`,
  }),
  'segment-damaged': rule<{packet: number; instead: number}>({
    group: 'capture',
    about:
      'The TCP checksum of a packet is wrong, and what it brought is wrong, too, or came again with other bytes: it ' +
      'was damaged on the way. Its receiver drops such a packet, and it is sent again. Nobody is accused for it.',
    advice:
      'Look for a bad cable, network card or driver between the ends, or on the way to where it was captured, if ' +
      'that happens often.',
    effect: {},
    source: '-',
    say: d =>
      `packet ${d.packet} has a wrong TCP checksum: ` +
      (d.instead === 0
        ? 'its bytes were damaged on the way'
        : `the bytes of packet ${d.instead} are used in its place`),
  }),
  'bytes-conflict': rule<{position: number; packet: number; used: 'first' | 'later'}>({
    group: 'capture',
    about:
      'A segment has other bytes than an earlier one for the same place in the stream. The earlier ones are used, ' +
      'as a receiver does, unless only the later ones are frames that open.',
    advice:
      'Find out who sent the second packet: something on the way changes packets, somebody injects them, or two ' +
      'captures were mixed.',
    effect: {},
    source: '-',
    say: d =>
      `packet ${d.packet} has other bytes for offset ${d.position} of the stream: ` +
      (d.used === 'later' ? 'these are used, the first ones are no frames' : 'the first ones are used'),
  }),
}
