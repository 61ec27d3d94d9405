/** Lower-case hex. Buffer and not a loop: it is an index key, made for every lookup. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

const digits = /^(?:[0-9a-fA-F]{2})*$/

/** Whether the text is hex of exactly this many bytes, upper or lower case. */
export function isHex(text: string, bytes: number): boolean {
  return text.length === bytes * 2 && digits.test(text)
}

/** @param text hex of whole bytes, already checked with isHex. */
export function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'))
}
