import {rule} from '../rule.js'

/** What the proxy did to a connection that it carried. Raised while that happens, never on a recording of it. */
export const liveRules = {
  'not-intercepted': rule<{reason: string}>({
    group: 'live',
    about: 'Bytes that were to be intercepted are passed on as they came.',
    effect: {},
    source: '-',
    say: d => `not intercepted: ${d.reason}`,
  }),
  'packet-changed': rule<{count: number}>({
    group: 'live',
    about: 'The script sent other packets in the place of this one, which the other end never got.',
    effect: {},
    source: '-',
    say: d =>
      `changed by the script: ${d.count === 1 ? 'one packet was sent' : `${d.count} packets were sent`} instead`,
  }),
  'packet-dropped': rule({
    group: 'live',
    about: 'The script dropped this packet: the other end never got it.',
    effect: {},
    source: '-',
    say: () => 'dropped by the script',
  }),
  'packet-delayed': rule<{milliseconds: number}>({
    group: 'live',
    about: 'The script keeps this packet back for a while; what comes behind it overtakes it.',
    effect: {},
    source: '-',
    say: d => `kept back by the script for ${d.milliseconds} ms`,
  }),
  'packet-late': rule({
    group: 'live',
    about: 'A packet that the script kept back goes on now.',
    effect: {},
    source: '-',
    say: () => 'sent on now: the script had kept it back',
  }),
  'packet-instead': rule({
    group: 'live',
    about: 'A packet that the script sent in the place of another.',
    effect: {},
    source: '-',
    say: () => "sent by the script in another packet's place",
  }),
  'packet-injected': rule({
    group: 'live',
    about: 'A packet that no end sent, but the script.',
    effect: {},
    source: '-',
    say: () => 'injected by the script',
  }),
  'script-threw': rule<{message: string}>({
    group: 'live',
    about: 'The script failed on this packet, which passed unchanged.',
    effect: {},
    source: '-',
    say: d => `the script failed on it (${d.message}): it passed unchanged`,
  }),
  'bytes-not-inspected': rule({
    group: 'live',
    about:
      'Bytes were forwarded faster than they could be looked at: they passed, and were neither decoded nor recorded.',
    effect: {},
    source: '-',
    say: () => 'they were forwarded, and not looked at: more came than inspection can take',
  }),
  'closed-by-proxy': rule<{why: string}>({
    group: 'live',
    about: 'Neither end closed the connection: the proxy did.',
    effect: {},
    source: '-',
    say: d => `the proxy closed it: ${d.why}`,
  }),
}
