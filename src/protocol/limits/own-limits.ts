import {type Limit, limit} from './limit.js'

/** Limits that toxtcp sets itself, to input from outside. */
export const ownLimits = {
  nonceSearch: limit(64, 'count', 'Nonces tried on each side of the expected one when a MAC does not match.'),
  failedFrames: limit(
    8,
    'count',
    'Frames in a row, of one side, that are searched for after a MAC failure; then that side stays sealed.',
  ),
  middleNonceSearch: limit(65_536, 'count', 'Nonces tried per session key on a stream that begins in the middle.'),
  directionOpens: limit(
    131_072,
    'count',
    'Trial openings to find out which end is the client, on a connection that begins in the middle.',
  ),
  inFlightSeconds: limit(
    2,
    'seconds',
    'After a disconnect notification, packets of the other side about that id count as sent before it was read.',
  ),
  opensPerConnection: limit(1_000_000, 'count', 'Trial openings of one connection, all searches together.'),
  searchedFrames: limit(
    4,
    'count',
    'Frames of one side on which keys are tried that may belong to another connection; a new key restarts the count.',
  ),
  handshakeKeys: limit(4096, 'count', 'Keys tried on one handshake.'),
  sessionKeys: limit(64, 'count', 'Shared keys tried on the first frames of one connection.'),
  pendingRoutes: limit(4096, 'count', 'Route requests of one connection that wait for their answer.'),
  pendingPings: limit(64, 'count', 'Pings of one side that wait for their answer.'),
  alignmentSearch: limit(65_536, 'bytes', 'Bytes searched for the next frame after a gap or a start in the middle.'),
  recogniseBytes: limit(
    16_384,
    'bytes',
    'First bytes of each side that are held until it is known whether a connection is Tox.',
  ),
  recogniseChunks: limit(
    256,
    'count',
    'First segments of a connection that are held until it is known whether it is Tox.',
  ),
  causes: limit(16, 'count', 'Broken rules of one connection that are remembered as possible reasons of its end.'),
  chunksInOrder: limit(
    4096,
    'count',
    'Segments of all connections that wait until it is known whether an earlier connection is Tox.',
  ),
  bytesInOrder: limit(16 * 1024 * 1024, 'bytes', 'Bytes of the segments that wait for that.'),
  orderPatience: limit(
    2,
    'seconds',
    'Capture time after its start in which the segments of others wait for a connection.',
  ),
  undecidedBytes: limit(
    32 * 1024 * 1024,
    'bytes',
    'Bytes that wait in all connections of which it is not certain whether they are Tox; then the oldest is decided.',
  ),
  resetBytes: limit(
    8192,
    'bytes',
    'Bytes that are kept of a connection that a RST ended before it was recognised: its receiver may have ignored it.',
  ),
  rivalSegments: limit(
    16,
    'count',
    'Segments with other bytes for one place of a stream that are tried where the first bytes do not open.',
  ),
  rivalBytes: limit(
    131_072,
    'bytes',
    'Bytes of such segments of one side, and bytes of it that wait for them; then these are read as they came.',
  ),
  rivalConnections: limit(
    128,
    'count',
    'Connections open at a time in which a piece that does not open waits for other bytes in its place.',
  ),
  damageSeconds: limit(
    5,
    'seconds',
    'Capture time that a frame or handshake waits for its segment, whose TCP checksum is wrong, to be sent again.',
  ),
  chunkBytes: limit(
    512,
    'bytes',
    'What a segment that waits counts besides its bytes: about the memory of its objects.',
  ),
  streamPieces: limit(
    150_000,
    'count',
    'Frames, or segments of a dump, of one stream that another tool extracted from a capture.',
  ),
  onlineKeys: limit(
    32_768,
    'count',
    'Client keys, and client handshakes, that are remembered to find a key used twice or a handshake replayed.',
  ),
  sameClientKey: limit(
    16,
    'count',
    'Connections open with one client key at one relay that a further one is compared with, the newest.',
  ),
  statsConnections: limit(
    16_384,
    'count',
    'Connections with statistics of their own; further ones are counted together.',
  ),
  statsSessions: limit(
    10_000,
    'count',
    'net_crypto sessions with statistics of their own; further ones are only counted.',
  ),
  statsRoutes: limit(
    16_384,
    'count',
    'Routes of the first connection with statistics of their own; the nth has an nth of them, at least one. Further ' +
      'ones are only counted.',
  ),
  statsRouteLives: limit(
    16,
    'count',
    'Times online of one route that are remembered with their start and end; further ones are only added up.',
  ),
  statsPings: limit(
    2048,
    'count',
    'Connections with ping times of their own; those of further ones count only for the total.',
  ),
  statsPingSamples: limit(
    256,
    'count',
    'Ping times that are kept exactly; with more, percentiles are within 1.1 % (64 buckets to each power of two).',
  ),
  statsTimeBuckets: limit(
    2048,
    'count',
    'Intervals that throughput is counted in; each grows from 1 ms with the capture.',
  ),
} as const satisfies Record<string, Limit>
