import {type Limit, limit} from './limit.js'

/** Sizes of what net_crypto sessions carry: messages, profiles, files, calls, conferences, groups. */
export const messengerLimits = {
  message: limit(
    1372,
    'bytes',
    'Most bytes of a chat message or an action.',
    'MAX_CRYPTO_DATA_SIZE - 1',
    'MAX_MESSAGE_DATA_SIZE',
  ),
  nickname: limit(
    128,
    'bytes',
    'Most bytes of a name, and of the title of a conference.',
    'MAX_NAME_LENGTH',
    'MAX_NICKNAME_DATA_SIZE',
  ),
  statusMessage: limit(
    1007,
    'bytes',
    'Most bytes of a status message.',
    'MAX_STATUSMESSAGE_LENGTH',
    'MAX_STATUS_MESSAGE_DATA_SIZE',
  ),
  fileName: limit(255, 'bytes', "Most bytes of a file's name.", 'MAX_FILENAME_LENGTH', 'MAX_FILESEND_FILENAME_LENGTH'),
  fileData: limit(1371, 'bytes', 'Bytes of a file in one packet; fewer end the file.', 'MAX_FILE_DATA_SIZE'),
  friendSilence: limit(
    32,
    'seconds',
    'Silence of a friend after which its session is ended.',
    'FRIEND_CONNECTION_TIMEOUT',
  ),
  sharedRelays: limit(3, 'count', 'Relays in one packet that shares them.', 'MAX_SHARED_RELAYS', 'MAX_SHARED_RELAYS'),
  msiMessage: limit(
    255,
    'bytes',
    'Most bytes of a message about a call after its id that tox-rs reads. c-toxcore sends at most 256, and reads any.',
    'MSI_MAXMSG_SIZE',
    'MAX_MSI_PAYLOAD_SIZE',
  ),
  msiItems: limit(457, 'count', 'Most settings in one packet about a call: what fits it.'),
  conferencePeers: limit(20, 'count', 'Most members of a conference in one packet: what fits it.'),
  announcedNodes: limit(4, 'count', 'Nodes that one packet of the onion lists.', 'MAX_SENT_NODES'),
  groupTopic: limit(512, 'bytes', "Most bytes of a group's topic.", 'MAX_GC_TOPIC_SIZE'),
  groupModerators: limit(100, 'count', 'Most moderators of a group.', 'MOD_MAX_NUM_MODERATORS'),
  groupSanctions: limit(30, 'count', 'Most sanctions of a group.', 'MOD_MAX_NUM_SANCTIONS'),
  sentAnnounces: limit(4, 'count', 'Announcements of members in one answer.', 'GCA_MAX_SENT_ANNOUNCES'),
  groupMessage: limit(
    50_000,
    'bytes',
    'Most bytes of a group packet that comes in fragments, once put together.',
    'MAX_GC_PACKET_SIZE',
  ),
  groupPrivateMessage: limit(
    1367,
    'bytes',
    'Most bytes of a private message in a group that are received: kind and number count among the 1372 of a message.',
  ),
  groupCustom: limit(1373, 'bytes', 'Most bytes of a custom packet in a group.', 'MAX_GC_CUSTOM_LOSSLESS_PACKET_SIZE'),
  groupPassword: limit(32, 'bytes', "Bytes of the field for a group's password.", 'MAX_GC_PASSWORD_SIZE'),
  groupName: limit(48, 'bytes', "Most bytes of a group's name.", 'MAX_GC_GROUP_NAME_SIZE'),
} as const satisfies Record<string, Limit>
