import {key, list, node, opaque, opaqueId, text} from '../../wire/field.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {excerpt} from '../text.js'

const common = {layer: 'onion_content', sentBy: ['client', 'relay']} as const

export const friendRequest = packet({
  ...common,
  name: 'friend_request',
  id: 0x20,
  cToxcore: 'CRYPTO_PACKET_FRIEND_REQ',
  title: 'FriendRequest',
  about: 'A friend request. Its sender is named outside of its box.',
  fields: {
    nospam: opaque('Nospam', "Last part of the receiver's Tox ID; a wrong one is ignored.", 4),
    message: text('Message', 'What the sender writes.', {min: 1, max: limits.onionClientData - 5}),
  },
  summary: p => excerpt(p.message),
  source: 'c-toxcore friend_requests.c friendreq_handlepacket; tox-rs FriendRequest',
})

export const dhtPkAnnounce = packet({
  ...common,
  name: 'dht_pk_announce',
  id: 0x9c,
  cToxcore: 'CRYPTO_PACKET_DHTPK',
  title: 'DhtPkAnnounce',
  about: 'Gives a friend the DHT key of the sender and nodes close to it, so that both can connect.',
  fields: {
    no_replay: opaqueId('No replay', 'Grows with every announcement; an older one is ignored.'),
    dht_pk: key('DHT key', "The sender's."),
    nodes: list('Nodes', 'Relays of the sender, or nodes close to it.', {
      of: node('Node', 'Address and key.', [2, 10, 130, 138]),
      min: 0,
      max: limits.announcedNodes,
    }),
  },
  summary: (p, keyText) => `${keyText(p.dht_pk)}, nodes: ${p.nodes.length}, no replay ${toHex(p.no_replay)}`,
  source: 'c-toxcore onion_client.c handle_dhtpk_announce; tox-rs OnionDataResponseInnerPayload DhtPkAnnounce',
})
