/** Why no test reaches a limit. */
type Reason =
  /** A time: what it ends is tested with shorter ones, where they can be given. */
  | 'time'
  /** A default, a size of a step or a choice between two ways, at which nothing is dropped. */
  | 'default'
  /** Needs more memory or time than a test has, or what this machine does not have. */
  | 'costly'

/** Limits that no test reaches by name, and why. A new one comes with a test that shows what is dropped. */
export const notReached: Readonly<Record<string, Readonly<Partial<Record<Reason, readonly string[]>>>>> = {
  'src/capture/follow/limits.ts': {
    default: ['followProbe'],
  },
  'src/crypto/limits.ts': {
    costly: ['keyLogBytes'],
  },
  'src/files/limits.ts': {
    time: ['keyLogLagMilliseconds'],
    default: ['keyLogPiece', 'keyLogTail'],
  },
  'src/peer/relay/limits.ts': {
    default: ['relayClients'],
  },
  'src/probe/limits.ts': {
    time: [
      'stepSeconds',
      'reactionMilliseconds',
      'incompleteMilliseconds',
      'onionMilliseconds',
      'settledMilliseconds',
      'farewellMilliseconds',
      'relayPingMilliseconds',
    ],
    default: ['jobs', 'relaysPerSecond', 'suiteConnections', 'pingBytes', 'pings', 'vainConnections'],
    // A name with that many addresses; and a relay that breaks that many rules at which a client does not close.
    costly: ['addresses', 'brokenRules'],
  },
  'src/protocol/limits/own-limits.ts': {
    time: ['inFlightSeconds', 'orderPatience'],
    costly: ['directionOpens'],
  },
  'src/proxy/limits.ts': {
    time: [
      'gatheringMilliseconds',
      'inspectedMilliseconds',
      'handshakeSeconds',
      'idleSeconds',
      'lingerSeconds',
      'partialHandshakeSeconds',
    ],
    default: ['connections', 'spareDescriptors', 'recordedSegment'],
  },
  'src/session/conversation/limits.ts': {
    costly: ['seenPackets', 'exportedBytes', 'saidProfiles'],
  },
  'src/session/relayed/limits.ts': {
    time: ['notificationSeconds', 'closedClientSeconds'],
    default: ['comparedBytes'],
  },
  'src/view/limits.ts': {
    default: ['innerColumns', 'rowGroupCharacters'],
    costly: ['comparedRecords'],
  },
  'src/wire/limits.ts': {
    default: ['hexDumpProbeLines'],
  },
}
