import {sumOf} from '../../../wire/internet/checksum.js'
import type {IpPacket} from '../../ip/ip.js'

const tcp = 6

/** A sum of the addresses and the protocol, which a TCP checksum covers besides the segment and its length. */
export function sumOfEnds({
  version,
  addresses,
  sourceAt,
  destinationAt,
}: Pick<IpPacket, 'version' | 'addresses' | 'sourceAt' | 'destinationAt'>): number {
  const size = version === 4 ? 4 : 16
  return sumOf(addresses, sourceAt, sourceAt + size) + sumOf(addresses, destinationAt, destinationAt + size) + tcp
}
