import type {End} from '../../wire/chunk.js'

/**
 * Secrets type of a pcapng Decryption Secrets Block that holds a toxtcp key log ("TOXK"). Not registered: Wireshark's
 * tools keep such blocks and pass over them.
 */
export const secretsType = 0x544f584b

/**
 * The client's and the relay's Ethernet address in a recording, locally administered ("TOX", 0, 0 and 1): so every
 * packet says who sent it, whatever was cut from the file.
 */
export const recordedHardware = [
  Uint8Array.of(2, 0x54, 0x4f, 0x58, 0, 0),
  Uint8Array.of(2, 0x54, 0x4f, 0x58, 0, 1),
] as const

/** The end that is the relay, if these are the Ethernet addresses of a recording's ends. */
export function recordedRelay(hardware: readonly [Uint8Array, Uint8Array] | undefined): End | undefined {
  const isDirection = (end: End, recorded: End) =>
    hardware?.[end].every((byte, at) => byte === recordedHardware[recorded][at]) === true
  if (isDirection(0, 0) && isDirection(1, 1)) return 1
  return isDirection(0, 1) && isDirection(1, 0) ? 0 : undefined
}
