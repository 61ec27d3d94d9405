import {rule} from '../rule.js'

/** What the proxy did to a connection that it carried. Raised while that happens, never on a recording of it. */
export const liveRules = {
  'not-intercepted': rule<{reason: string}>({
    group: 'live',
    about: 'Bytes that should have been intercepted were passed on unchanged.',
    advice:
      'Mend what the reason names, a key that is missing or an end that breaks the protocol, and let the client ' +
      'connect again.',
    effect: {},
    source: '-',
    say: d => `not intercepted: ${d.reason}`,
  }),
  'packet-changed': rule<{count: number}>({
    group: 'live',
    about: 'The script of the proxy sent other packets in place of this one, which the other end never received.',
    advice: 'Change the script if this was not meant.',
    effect: {},
    source: '-',
    say: d => `changed by the proxy: ${d.count === 1 ? 'one packet was sent' : `${d.count} packets were sent`} instead`,
  }),
  'packet-dropped': rule({
    group: 'live',
    about: 'The script of the proxy, or somebody at its view, dropped this packet: the other end never received it.',
    advice: 'Change the script, or pass the packet on at the view, if this was not meant.',
    effect: {},
    source: '-',
    say: () => 'dropped by the proxy',
  }),
  'packet-delayed': rule<{milliseconds: number}>({
    group: 'live',
    about: 'The script of the proxy, or somebody at its view, delays this packet; later packets overtake it.',
    advice: 'Change the script, or what was chosen at the view, if this was not meant.',
    effect: {},
    source: '-',
    say: d => `delayed by the proxy for ${d.milliseconds} ms`,
  }),
  'packet-late': rule({
    group: 'live',
    about: 'A packet that the proxy delayed or held is sent on now, unchanged.',
    advice: 'Change the script, or what was chosen at the view, if this was not meant.',
    effect: {},
    source: '-',
    say: () => 'sent on now, after a delay by the proxy',
  }),
  'packet-instead': rule({
    group: 'live',
    about: 'A packet that the script of the proxy sent in place of another.',
    advice: 'Change the script if this was not meant.',
    effect: {},
    source: '-',
    say: () => 'sent by the proxy in place of another packet',
  }),
  'packet-injected': rule({
    group: 'live',
    about: 'A packet that the script of the proxy, or somebody at its view, sent, and neither end.',
    advice: 'Change the script, or what was chosen at the view, if this was not meant.',
    effect: {},
    source: '-',
    say: () => 'injected by the proxy',
  }),
  'packet-held': rule({
    group: 'live',
    about: 'Somebody at the view of the proxy holds this packet; later packets overtake it.',
    advice: 'Pass the packet on or drop it at the view: each end closes if an answer to its ping is held for too long.',
    effect: {},
    source: '-',
    say: () => 'held by hand',
  }),
  'packet-edited': rule({
    group: 'live',
    about: 'A packet that was held, edited at the view of the proxy and sent on.',
    advice: 'Nothing needs to change: the finding marks the packet as one that its sender did not send.',
    effect: {},
    source: '-',
    say: () => 'edited by hand, and sent in place of the packet that was held',
  }),
  'packet-marked': rule({
    group: 'live',
    about: 'A packet that somebody at the view of the proxy had marked when it passed. It was passed on unchanged.',
    advice: 'Nothing needs to change: marks only help to find packets again.',
    effect: {},
    source: '-',
    say: () => 'marked by hand',
  }),
  'script-threw': rule<{message: string}>({
    group: 'live',
    about: 'The script failed on this packet, which was passed on unchanged.',
    advice: 'Mend the script: the message is that of its error.',
    effect: {},
    source: '-',
    say: d => `the script failed (${d.message}): passed on unchanged`,
  }),
  'bytes-not-inspected': rule({
    group: 'live',
    about:
      'Bytes were forwarded faster than they could be inspected: they were passed on, but neither decoded nor ' +
      'recorded.',
    advice: 'Give the proxy fewer or slower connections, or a faster machine: the connection itself is not disturbed.',
    effect: {},
    source: '-',
    say: () => 'forwarded without inspection: the inspector could not keep up',
  }),
  'closed-by-proxy': rule<{why: string}>({
    group: 'live',
    about: 'The proxy closed the connection, and neither end.',
    advice:
      'Look at the reason: a flag, a limit or the person at the proxy ended the connection, and neither end is ' +
      'to blame.',
    effect: {},
    source: '-',
    say: d => `the proxy closed it: ${d.why}`,
  }),
}
