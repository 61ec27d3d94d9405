import {noIp} from './no-ip.js'

/** Link types that people capture and that carry no TCP for toxtcp, or none that it reads. */
const linkNames: Readonly<Record<number, string>> = {
  6: 'Token Ring',
  7: 'ARCNET',
  8: 'SLIP',
  123: 'Sun ATM',
  143: 'DOCSIS',
  187: 'Bluetooth',
  189: 'USB',
  195: '802.15.4',
  201: 'Bluetooth',
  220: 'USB',
  226: 'IPNET',
  227: 'CAN',
  230: '802.15.4',
  247: 'InfiniBand',
  249: 'USBPcap',
  252: 'Wireshark export',
  253: 'Netlink',
}

/** What a packet is that was not read. @param code one of `noIp`. */
export function unreadName(code: number, linkType: number): string {
  switch (code) {
    case noIp.encryptedWifi:
      return 'encrypted 802.11'
    case noIp.aggregatedWifi:
      return 'aggregated 802.11 (A-MSDU)'
    case noIp.compressedPpp:
      return 'compressed or encrypted PPP'
    case noIp.encryptedIp:
      return 'IPsec ESP'
    case noIp.tooDeep:
      return 'too many tunnels in each other'
    default:
      return linkType < 0 ? 'undescribed interfaces' : `link type ${linkType}${named(linkType)}`
  }
}

function named(linkType: number): string {
  if (linkType >= 147 && linkType <= 162) return ' (user-defined)'
  const name = linkNames[linkType]
  return name === undefined ? '' : ` (${name})`
}
