import {ipPort, node} from '../wire/field.js'
import {packet} from '../wire/packet.js'
import {hostPort} from './text.js'

const families = [2, 10, 130, 138]
const about = 'Family 2: UDP over IPv4, 10: UDP over IPv6, 130: TCP over IPv4, 138: TCP over IPv6.'
const source = 'c-toxcore network.c pack_ip_port; tox-rs IpPort, PackedNode'
const address = {id: null, layer: 'address', sentBy: [], source} as const

/** An address alone, in the form of onion packets: always 19 bytes. */
export const paddedIpPort = packet({
  ...address,
  name: 'padded_ip_port',
  title: 'IpPort (padded)',
  about: `An address and port, always 19 bytes. ${about}`,
  fields: {
    ip_port: ipPort('Address', 'Family, 16 address bytes (IPv4: 4, then 12 of padding), port.', {
      padded: true,
      families,
    }),
  },
  summary: p => hostPort(p.ip_port),
})

/** An address alone, in the form of packed nodes and forward requests. */
export const shortIpPort = packet({
  ...address,
  name: 'ip_port',
  title: 'IpPort',
  about: `An address and port, 7 bytes with IPv4 and 19 with IPv6. ${about}`,
  fields: {ip_port: ipPort('Address', 'Family, 4 or 16 address bytes, port.', {padded: false, families})},
  summary: p => hostPort(p.ip_port),
})

export const packedNode = packet({
  ...address,
  name: 'node',
  title: 'PackedNode',
  about: `An address with the key of the node there, 39 bytes with IPv4 and 51 with IPv6. ${about}`,
  fields: {node: node('Node', 'Address, then DHT public key.')},
  summary: (p, keyText) => `${keyText(p.node.pk)} at ${hostPort(p.node)}`,
})
