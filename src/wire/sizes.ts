/** Bytes of a padded ip_port, and of any with an IPv6 address: family, 16 address bytes, port. */
export const paddedIpPortSize = 19
/** Bytes of an unpadded ip_port with an IPv4 address. */
export const shortIpPortSize = 7
/** Families 2 and 130 have four address bytes. c-toxcore reads every other family as IPv6. */
export const isIpv4Family = (family: number): boolean => family === 2 || family === 130
