import type {Topic} from './topics/topic.js'

/** Headings of the tables of `stats`, and marks in their cells. */
const headings: Readonly<Record<string, string>> = {
  '>': 'from the client to the relay',
  '<': 'from the relay to the client',
  TYPE: 'packet type; indented: what it carries',
  COUNT: 'number of packets, or of findings of the rule',
  BYTES: 'bytes on the wire, frames included',
  'OF COUNT': 'share of all packets',
  'OF BYTES': 'share of all bytes',
  C: 'number of the TCP connection, from 0',
  CLIENT: 'address and port of the client',
  RELAY: 'address and port of the relay',
  'CLIENT KEY': 'key that the client announced in its handshake',
  START: 'seconds from the first record to the start of the connection or session',
  LASTED: 'time from its first packet to its end, or to the last record',
  PACKETS: 'number of packets',
  MISSING: 'bytes that were not captured; of a session: lossless packets that were never seen',
  STATE: 'of a connection: whether its frames were decrypted, stayed sealed or failed; of a route: what became of it',
  FINDINGS: 'findings by severity: E error, W warn, N note',
  PROXY: 'proxy that the connection begins with',
  TIME: 'seconds from the first record to the end of the connection',
  END: 'who closed it, and how; of a session: why it ended, and which peer did or did not do it',
  'LIKELIEST CAUSE': 'rule that explains the end best; +2: two other possible causes',
  RECORD: 'record that broke that rule',
  BEFORE: 'time from that record to the end',
  'ASKS FOR': 'key of the peer that the client asks for',
  AT: 'seconds from the first record to the request',
  ID: 'connection id that the relay gave',
  ONLINE: 'time that the peer was online; of a session: which peers said that they are online',
  LIVES: 'how often the peer came online',
  'FROM - TO': 'when it was online, in seconds from the first record',
  'ASKED BY': 'side that sent the pings',
  PINGS: 'number of pings',
  LOST: 'pings without an answer',
  MIN: 'shortest time from a ping to its answer',
  MEDIAN: 'half of the answers took no longer',
  P95: '95 % of the answers took no longer',
  MAX: 'longest time from a ping to its answer',
  S: 'number of the net_crypto session, from 0; its values are of peer A / of peer B',
  'PEER A': 'DHT key of the peer whose key is the smaller one',
  'PEER B': 'DHT key of the other peer',
  'SET UP': 'time from the first packet of a session to its first data',
  RESENT: 'lossless packets that were sent again',
  'ROUND TRIP': 'median time until packets of the peer were confirmed',
  REQUESTS: 'requests that the client sent through the onion',
  ANNOUNCE: 'requests that announce or search a key; each has an answer',
  DATA: 'requests that carry data to a peer; they have no answer',
  SEALED: 'requests whose layers no key opens',
  RESPONSES: 'answers, and data from peers',
  ANSWERED: 'announce requests that an answer was tied to',
  UNANSWERED: 'share of the announce requests with a known sendback that have no answer',
  SEVERITY: 'severity of the rule (`toxtcp explain severities`)',
  CODE: 'code of the rule',
  FIRST: 'first record that broke it',
  'C-TOXCORE': 'the worse reaction of c-toxcore: its relay or its client',
  'TOX-RS': 'the worse reaction of tox-rs: its relay or its client',
  MEANING: 'the rule in a sentence',
}

export const statisticsReference: Topic = {
  kind: 'reference',
  name: 'statistics',
  brief: 'headings of the tables of stats',
  facts: {
    kind: 'reference',
    name: 'statistics',
    headings: Object.entries(headings).map(([name, about]) => ({name, about})),
  },
  write(page) {
    page.title('statistics', 'headings of the tables of `toxtcp stats`')
    page.items(Object.entries(headings), page.theme.key)
  },
}

/** Words that lead to the page: the headings. */
export const statisticsWords: readonly string[] = ['stats', ...Object.keys(headings)]
