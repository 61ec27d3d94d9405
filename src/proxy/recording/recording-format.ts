import type {End} from '../../wire/chunk.js'

/**
 * Secrets type of a pcapng Decryption Secrets Block with a toxtcp key log ("TOXK"). It is not registered: Wireshark's
 * tools keep such blocks and ignore them.
 */
export const secretsType = 0x544f584b

/**
 * The client's and the relay's Ethernet addresses in a recording, locally administered ("TOX", 0, 0 and 1). They show
 * the sender of every packet, even in a part of the file.
 */
export const recordedHardware = [
  Uint8Array.of(2, 0x54, 0x4f, 0x58, 0, 0),
  Uint8Array.of(2, 0x54, 0x4f, 0x58, 0, 1),
] as const

/** The relay's end, if these are the Ethernet addresses of a recording; otherwise undefined. */
export function recordedRelay(hardware: readonly [Uint8Array, Uint8Array] | undefined): End | undefined {
  const isDirection = (end: End, recorded: End) =>
    hardware?.[end].every((byte, at) => byte === recordedHardware[recorded][at]) === true
  if (isDirection(0, 0) && isDirection(1, 1)) return 1
  return isDirection(0, 1) && isDirection(1, 0) ? 0 : undefined
}
