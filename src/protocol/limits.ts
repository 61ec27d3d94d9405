/**
 * Every size, count and time of the protocol, and every bound that toxtcp sets to what it is fed from outside.
 * `explain` shows this table; nothing else in the sources states these numbers.
 */
export interface Limit {
  readonly value: number
  readonly unit: 'bytes' | 'seconds' | 'ids' | 'count'
  readonly about: string
  /** c-toxcore's name, where it has one. */
  readonly cToxcore?: string
  /** tox-rs's name, where it has one. */
  readonly toxRs?: string
}

const limit = (value: number, unit: Limit['unit'], about: string, cToxcore?: string, toxRs?: string): Limit => ({
  value,
  unit,
  about,
  ...(cToxcore && {cToxcore}),
  ...(toxRs && {toxRs}),
})

/** Limits of the protocol as real peers hold them. */
export const protocolLimits = {
  publicKey: limit(32, 'bytes', 'A Curve25519 public key.', 'CRYPTO_PUBLIC_KEY_SIZE', 'crypto_box::KEY_SIZE'),
  secretKey: limit(32, 'bytes', 'A Curve25519 secret key.', 'CRYPTO_SECRET_KEY_SIZE', 'crypto_box::KEY_SIZE'),
  nonce: limit(24, 'bytes', 'An XSalsa20 nonce; for frames a big-endian counter.', 'CRYPTO_NONCE_SIZE', 'NONCEBYTES'),
  mac: limit(16, 'bytes', 'A Poly1305 MAC, before the body of each box.', 'CRYPTO_MAC_SIZE', 'TagSize'),
  sharedKey: limit(
    32,
    'bytes',
    'A key that both ends derive: X25519, then HSalsa20.',
    'CRYPTO_SHARED_KEY_SIZE',
    'PrecomputedKey',
  ),
  handshakePlain: limit(
    56,
    'bytes',
    'Plaintext of a handshake box: session public key, base nonce.',
    'TCP_HANDSHAKE_PLAIN_SIZE',
    'PAYLOAD_SIZE',
  ),
  handshakeBox: limit(72, 'bytes', 'A handshake box, MAC included.', undefined, 'ENC_PAYLOAD_SIZE'),
  clientHandshake: limit(
    128,
    'bytes',
    "The client's first bytes.",
    'TCP_CLIENT_HANDSHAKE_SIZE',
    'CLIENT_HANDSHAKE_SIZE',
  ),
  relayHandshake: limit(96, 'bytes', "The relay's first bytes.", 'TCP_SERVER_HANDSHAKE_SIZE', 'SERVER_HANDSHAKE_SIZE'),
  frameLengthPrefix: limit(2, 'bytes', 'The big-endian length before each frame.'),
  sealedFrame: limit(
    2048,
    'bytes',
    'Most bytes of one sealed frame, MAC included, the 2-byte length not.',
    'MAX_PACKET_SIZE',
    'MAX_TCP_ENC_PACKET_PAYLOAD_SIZE',
  ),
  sealedFrameMin: limit(17, 'bytes', 'Fewest bytes of a sealed frame that a receiver opens: a MAC and one byte.'),
  frame: limit(
    2050,
    'bytes',
    'Most bytes of a frame on the wire, its length included.',
    '2 + MAX_PACKET_SIZE',
    'MAX_TCP_ENC_PACKET_SIZE',
  ),
  packet: limit(2032, 'bytes', 'Most bytes of one packet (plaintext).', 'implied: 2048 - 16', 'MAX_TCP_PACKET_SIZE'),
  connectionIds: limit(
    240,
    'ids',
    'Connection ids that a client can have at one relay.',
    'NUM_CLIENT_CONNECTIONS',
    'MAX_LINKS_N',
  ),
  firstConnectionId: limit(
    16,
    'ids',
    'The lowest connection id; slot 0. Ids 1 to 15 are reserved, 0 means none.',
    'NUM_RESERVED_PORTS',
    'ConnectionId',
  ),
  oobData: limit(1024, 'bytes', 'Most bytes of out-of-band data.', 'TCP_MAX_OOB_DATA_LENGTH', 'handle_oob_send'),
  pingInterval: limit(
    30,
    'seconds',
    'Each c-toxcore end sends a ping this often.',
    'TCP_PING_FREQUENCY',
    'TCP_PING_FREQUENCY',
  ),
  pingTimeout: limit(
    10,
    'seconds',
    'An end closes when its ping has no right answer by then.',
    'TCP_PING_TIMEOUT',
    'TCP_PING_TIMEOUT',
  ),
  handshakeTimeout: limit(
    10,
    'seconds',
    'A c-toxcore client and a tox-rs relay wait this long for the handshake; a c-toxcore relay waits for ever.',
    'TCP_CONNECTION_TIMEOUT',
    'TCP_HANDSHAKE_TIMEOUT',
  ),
  incomingConnections: limit(
    256,
    'count',
    'Connections that a relay keeps before their first good frame.',
    'MAX_INCOMING_CONNECTIONS',
  ),
  relayQueue: limit(64, 'count', 'Packets that a tox-rs relay queues for a client.', undefined, 'SERVER_CHANNEL_SIZE'),
  relaysPerFriend: limit(6, 'count', 'Relays that a client uses for one friend.', 'MAX_FRIEND_TCP_CONNECTIONS'),
  recommendedRelaysPerFriend: limit(
    3,
    'count',
    'Relays that a client aims at for one friend.',
    'RECOMMENDED_FRIEND_TCP_CONNECTIONS',
  ),
  onionRelays: limit(3, 'count', 'Relays that a client uses for its onion requests.', 'NUM_ONION_TCP_CONNECTIONS'),
  forwardData: limit(1792, 'bytes', 'Most bytes of forwarded data.', 'MAX_FORWARD_DATA_SIZE'),
  sendback: limit(254, 'bytes', 'Most bytes of sendback data in forwarding.', 'MAX_SENDBACK_SIZE'),
  ipPort: limit(19, 'bytes', 'A padded ip_port.', 'SIZE_IPPORT', 'SIZE_IPPORT'),
  onionLayer: limit(67, 'bytes', 'What one onion layer adds.', 'ONION_SEND_BASE', 'ONION_SEND_BASE'),
  onionLayers: limit(225, 'bytes', 'What all three onion layers add over UDP.', 'ONION_SEND_1', 'ONION_SEND_1'),
  onionPacket: limit(
    1400,
    'bytes',
    'Most bytes of an onion packet over UDP.',
    'ONION_MAX_PACKET_SIZE',
    'ONION_MAX_PACKET_SIZE',
  ),
  onionRequestTiny: limit(
    159,
    'bytes',
    'An OnionRequest of at most this length makes a c-toxcore relay close.',
    'handle_tcp_onion_request',
  ),
  onionRequestMin: limit(
    179,
    'bytes',
    'The shortest OnionRequest that a c-toxcore relay passes on (tox-rs: 178).',
    'ONION_SEND_1',
    'ONION_MIN_PAYLOAD_SIZE',
  ),
  onionRequestMax: limit(
    1360,
    'bytes',
    'The longest OnionRequest that relays pass on.',
    'ONION_MAX_PACKET_SIZE',
    'ONION_MAX_PAYLOAD_SIZE',
  ),
  onionReturn1: limit(59, 'bytes', 'The return address after one hop.', 'ONION_RETURN_1', 'ONION_RETURN_1_SIZE'),
  onionReturn2: limit(118, 'bytes', 'The return address after two hops.', 'ONION_RETURN_2', 'ONION_RETURN_2_SIZE'),
  onionReturn3: limit(177, 'bytes', 'The return address after three hops.', 'ONION_RETURN_3', 'ONION_RETURN_3_SIZE'),
  onionData: limit(
    1174,
    'bytes',
    'Most bytes of the request inside the onion.',
    'ONION_MAX_DATA_SIZE',
    'MAX_ONION_DATA_SIZE',
  ),
  onionResponse: limit(
    1222,
    'bytes',
    'Most bytes of an inner onion response that normal senders make.',
    'ONION_RESPONSE_MAX_DATA_SIZE',
  ),
  onionResponseMax: limit(1340, 'bytes', 'Most bytes of an inner onion response that fits the UDP packet it came in.'),
  dataRequest: limit(
    1069,
    'bytes',
    'Most bytes of an onion data request payload.',
    'MAX_DATA_REQUEST_SIZE',
    'MAX_DATA_REQUEST_SIZE',
  ),
  onionClientData: limit(
    1021,
    'bytes',
    'Most bytes of onion client data.',
    'ONION_CLIENT_MAX_DATA_SIZE',
    'MAX_ONION_CLIENT_DATA_SIZE',
  ),
  cryptoPacket: limit(
    1400,
    'bytes',
    'Most bytes of a net_crypto packet.',
    'MAX_CRYPTO_PACKET_SIZE',
    'MAX_CRYPTO_PACKET_SIZE',
  ),
  cryptoData: limit(
    1373,
    'bytes',
    'Most bytes of data in a net_crypto packet.',
    'MAX_CRYPTO_DATA_SIZE',
    'MAX_CRYPTO_DATA_SIZE',
  ),
  cryptoPacketMin: limit(28, 'bytes', 'Fewest bytes of a crypto data packet that c-toxcore acts on.'),
  cryptoPadding: limit(
    8,
    'bytes',
    'net_crypto pads its data with zero bytes to a length modulo this.',
    'CRYPTO_MAX_PADDING',
    'CRYPTO_MAX_PADDING',
  ),
  cookieRequest: limit(145, 'bytes', 'A cookie request.', 'COOKIE_REQUEST_LENGTH', 'CookieRequest'),
  cookieResponse: limit(161, 'bytes', 'A cookie response.', 'COOKIE_RESPONSE_LENGTH', 'CookieResponse'),
  cookie: limit(112, 'bytes', 'A cookie: nonce and sealed body.', 'COOKIE_LENGTH', 'EncryptedCookie'),
  cryptoHandshake: limit(385, 'bytes', 'A net_crypto handshake.', 'HANDSHAKE_PACKET_LENGTH', 'CryptoHandshake'),
  cookieLifetime: limit(15, 'seconds', 'A cookie is refused when older.', 'COOKIE_TIMEOUT', 'COOKIE_TIMEOUT'),
  groupPacketMin: limit(
    74,
    'bytes',
    'Fewest bytes of a group packet (lossless, lossy) that c-toxcore acts on.',
    'GC_MIN_LOSSY_PAYLOAD_SIZE',
  ),
  groupPacketMax: limit(1477, 'bytes', 'Most bytes of a group packet that c-toxcore acts on.', 'MAX_GC_PACKET_SIZE'),
  groupHandshakeMin: limit(172, 'bytes', 'Fewest bytes of a group handshake.', 'GC_MIN_HS_PACKET_SIZE'),
  announceResponseMin: limit(
    82,
    'bytes',
    'Fewest bytes of an inner announce response that a c-toxcore client acts on.',
  ),
  announceResponseMax: limit(626, 'bytes', 'Most bytes of an inner announce response that a c-toxcore client acts on.'),
  message: limit(1372, 'bytes', 'Most bytes of a chat message or an action.', 'MAX_CRYPTO_DATA_SIZE - 1', 'MAX_MESSAGE_DATA_SIZE'),
  nickname: limit(128, 'bytes', 'Most bytes of a name, and of the title of a conference.', 'MAX_NAME_LENGTH', 'MAX_NICKNAME_DATA_SIZE'),
  statusMessage: limit(1007, 'bytes', 'Most bytes of a status message.', 'MAX_STATUSMESSAGE_LENGTH', 'MAX_STATUS_MESSAGE_DATA_SIZE'),
  fileName: limit(255, 'bytes', "Most bytes of a file's name.", 'MAX_FILENAME_LENGTH', 'MAX_FILESEND_FILENAME_LENGTH'),
  fileData: limit(1371, 'bytes', 'Bytes of a file in one packet; fewer end the file.', 'MAX_FILE_DATA_SIZE', 'MAX_FILE_DATA_SIZE'),
  sharedRelays: limit(3, 'count', 'Relays in one packet that shares them.', 'MAX_SHARED_RELAYS', 'MAX_SHARED_RELAYS'),
  msiItems: limit(85, 'count', 'Most settings in one packet about a call: what fits 256 bytes.', 'MSI_MAXMSG_SIZE', 'MAX_MSI_PAYLOAD_SIZE'),
  conferencePeers: limit(20, 'count', 'Most members in one packet: what fits it.'),
  groupName: limit(48, 'bytes', "Most bytes of a group's name.", 'MAX_GC_GROUP_NAME_SIZE'),
  dataResponseMin: limit(122, 'bytes', 'Fewest bytes of an inner onion data response that a c-toxcore client acts on.'),
} as const satisfies Record<string, Limit>

/** Bounds that toxtcp sets itself, to what it is fed from outside. */
export const ownLimits = {
  nonceSearch: limit(64, 'count', 'Nonces tried on each side of the expected one when a MAC does not match.'),
  failedFrames: limit(
    8,
    'count',
    'Frames in a row, of one side, that are tried by search after a MAC failure; then that side stays sealed.',
  ),
  middleNonceSearch: limit(65_536, 'count', 'Nonces tried per session key on a stream that begins in the middle.'),
  directionOpens: limit(
    131_072,
    'count',
    'Trial openings that tell which end of a connection that begins in the middle is the client.',
  ),
  opensPerConnection: limit(1_000_000, 'count', 'Trial openings of one connection, all searches together.'),
  searchedFrames: limit(
    4,
    'count',
    'Frames of one side on which keys are tried that may be those of another connection; a new key begins anew.',
  ),
  handshakeKeys: limit(4096, 'count', 'Keys tried on one handshake.'),
  sessionKeys: limit(64, 'count', 'Shared keys tried on the first frames of one connection.'),
  pendingRoutes: limit(4096, 'count', 'Route requests of one connection that wait for their answer.'),
  pendingPings: limit(64, 'count', 'Pings of one side that wait for their answer.'),
  alignmentSearch: limit(
    65_536,
    'bytes',
    'Bytes looked through for the next frame after a gap or a start in the middle.',
  ),
  recogniseBytes: limit(
    16_384,
    'bytes',
    'First bytes of each side that are held until it is certain whether a connection is Tox.',
  ),
  recogniseChunks: limit(
    256,
    'count',
    'First segments of a connection that are held until it is certain whether it is Tox.',
  ),
  causes: limit(16, 'count', 'Violations of one connection that are remembered for the reason of its end.'),
  chunksInOrder: limit(
    4096,
    'count',
    'Segments of all connections that wait for an earlier one of which it is not certain whether it is Tox.',
  ),
  onlineKeys: limit(
    65_536,
    'count',
    'Client keys, and client handshakes, that are remembered to find a key used twice or a handshake replayed.',
  ),
  statsConnections: limit(
    16_384,
    'count',
    'Connections that statistics are kept of one by one; more are counted all together.',
  ),
  statsRoutes: limit(16_384, 'count', 'Routes that statistics are kept of; more are counted and left out.'),
  statsRouteTables: limit(4096, 'count', 'Open connections whose routes are told apart in statistics.'),
  statsRouteLives: limit(
    16,
    'count',
    'Times online of one route that are remembered with their start and end; more are only added up.',
  ),
  statsPings: limit(
    4096,
    'count',
    'Connections and sides whose ping times are kept apart; more count for the whole only.',
  ),
  statsPingSamples: limit(
    256,
    'count',
    'Ping times that are kept as they are; from more, percentiles are within 1.1 % (64 buckets to each power of two).',
  ),
  statsTimeBuckets: limit(
    2048,
    'count',
    'Spans of time that throughput is counted in; each grows from 1 ms as the capture does.',
  ),
} as const satisfies Record<string, Limit>

type Numbers<T> = {readonly [K in keyof T]: number}
const numbers = <T extends Record<string, Limit>>(table: T): Numbers<T> =>
  Object.fromEntries(Object.entries(table).map(([name, {value}]) => [name, value])) as Numbers<T>

/** The numbers alone, for code. */
export const limits = {...numbers(protocolLimits), ...numbers(ownLimits)}
