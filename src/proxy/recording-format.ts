/**
 * Secrets type of a pcapng Decryption Secrets Block that holds a toxtcp key log ("TOXK"). Not registered: Wireshark's tools keep such blocks and pass over them.
 */
export const secretsType = 0x544f584b

/** Locally administered Ethernet addresses ("TOX", 0, end): in a recording these are the client's and the relay's, so that every packet says who sent it. */
export const recordedHardware = [0, 1].map(end => Uint8Array.of(2, 0x54, 0x4f, 0x58, 0, end)) as unknown as readonly [Uint8Array, Uint8Array]
