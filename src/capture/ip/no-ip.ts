/** Why no IP packet is read from a captured one: what the readers of headers return instead of an offset. */
export const noIp = {
  /** Another protocol than IP, such as ARP. */
  other: -1,
  /** The captured bytes end inside a header. */
  cutShort: -2,
  /** A link type that is not read. */
  unknownLink: -3,
  /** 802.11 with WEP, WPA or WPA2. */
  encryptedWifi: -4,
  /** Several packets in one 802.11 frame (A-MSDU). */
  aggregatedWifi: -5,
  /** PPP with compressed or encrypted packets. */
  compressedPpp: -6,
  /** IPsec ESP. */
  encryptedIp: -7,
  /** More headers around an IP packet than `limits.linkHeaders` or `limits.tunnels`. */
  tooDeep: -8,
} as const
