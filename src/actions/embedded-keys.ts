/**
 * Secrets type of a pcapng Decryption Secrets Block that holds a toxtcp key log ("TOXK"). Not registered: Wireshark's tools keep such blocks and pass over them.
 */
export const secretsType = 0x544f584b
