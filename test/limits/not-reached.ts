/** Why no test reaches a limit. */
type Reason =
  /** A time: what it ends is tested with shorter ones, where they can be given. */
  | 'time'
  /** A default, a size of a step or a choice between two ways, at which nothing is dropped. */
  | 'default'
  /** Needs more memory or time than a test has. */
  | 'costly'
  /** Has no test of its own yet. */
  | 'untested'

/** Limits that no test reaches by name, and why. A new one comes with a test that shows what is dropped. */
export const notReached: Readonly<Record<string, Readonly<Partial<Record<Reason, readonly string[]>>>>> = {
  'src/capture/follow/limits.ts': {
    default: ['followProbe'],
    costly: ['followText'],
    untested: ['followConnections'],
  },
  'src/capture/limits.ts': {
    default: ['keepingBytes'],
    untested: ['blockBytes', 'fragmentBytes', 'pendingTotalBytes'],
  },
  'src/crypto/limits.ts': {
    default: ['threadKeys'],
    costly: ['keyFileBytes', 'keyLogBytes', 'cachedSharedKeys'],
    untested: ['saveGroups'],
  },
  'src/files/limits.ts': {
    time: ['keyLogLagMilliseconds'],
    default: ['keyLogPiece', 'keyLogTail'],
    costly: ['relayListBytes'],
    untested: [],
  },
  'src/filter/limits.ts': {
    untested: ['knownAddresses'],
  },
  'src/peer/relay/limits.ts': {
    default: ['relayClients'],
    untested: ['unconfirmedClients', 'clientsPerAddress'],
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
    default: ['jobs', 'relaysPerSecond', 'suiteConnections', 'pingBytes', 'vainConnections'],
    untested: [
      'mostPings',
      'waitingPackets',
      'bannerBytes',
      'bannerCharacters',
      'addresses',
      'brokenRules',
      'waitingClients',
    ],
  },
  'src/protocol/limits/own-limits.ts': {
    time: ['inFlightSeconds', 'orderPatience'],
    costly: ['middleNonceSearch', 'directionOpens', 'opensPerConnection', 'bytesInOrder'],
    untested: [
      'nonceSearch',
      'failedFrames',
      'searchedFrames',
      'handshakeKeys',
      'sessionKeys',
      'chunksInOrder',
      'statsSessions',
      'statsPings',
    ],
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
    default: ['spareDescriptors', 'recordedSegment'],
    costly: ['uninspectedPieces'],
    untested: [
      'listeners',
      'earlyConnections',
      'pipedBytes',
      'notesPerPacket',
      'commentedPackets',
      'heldPackets',
      'handConnections',
      'shownReasons',
    ],
  },
  'src/session/conversation/limits.ts': {
    costly: ['seenPackets', 'exportedBytes'],
    untested: ['saidProfiles'],
  },
  'src/session/inner/limits.ts': {
    untested: ['searchTrials', 'cookieKeys'],
  },
  'src/session/relayed/limits.ts': {
    time: ['notificationSeconds', 'closedClientSeconds'],
    untested: ['comparedBytes'],
  },
  'src/view/limits.ts': {
    default: ['recordsBeforeEnd', 'innerColumns', 'rowGroupCharacters'],
    costly: ['recordLine', 'comparedRecords'],
    untested: ['quotedValue', 'alignedEdits', 'pairedByLikeness', 'comparedKeys'],
  },
  'src/wire/limits.ts': {
    default: ['hexDumpProbeLines'],
    costly: ['hexText', 'streamFileBytes', 'hexBytes'],
  },
}
