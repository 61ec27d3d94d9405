const digits = /^(?:[0-9a-fA-F]{2})*$/

/** Whether the text is hex of exactly this many bytes, upper or lower case. */
export function isHex(text: string, bytes: number): boolean {
  return text.length === bytes * 2 && digits.test(text)
}
