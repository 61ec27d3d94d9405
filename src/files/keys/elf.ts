import {u16be, u16le, u32be, u32le} from '../../wire/integers.js'

/** Type of the program header that names the dynamic linker. */
const interpreter = 3

/**
 * Whether a file is an ELF program that names no dynamic linker: it is static, and loads no library. System V ABI,
 * "Program Header".
 * @param head the start of the file, with its program headers.
 */
export function isElfWithoutInterpreter(head: Uint8Array): boolean {
  if (head.length < 64 || head[0] !== 0x7f || head[1] !== 0x45 || head[2] !== 0x4c || head[3] !== 0x46) return false
  const is64 = head[4] === 2
  const isLittle = head[5] === 1
  const [u16, u32] = isLittle ? [u16le, u32le] : [u16be, u32be]
  // Offsets of 64 bits: no file has headers behind 4 GiB.
  const table = u32(head, is64 ? (isLittle ? 32 : 36) : 28)
  const size = u16(head, is64 ? 54 : 42)
  const count = u16(head, is64 ? 56 : 44)
  for (let index = 0; index < count; index++) {
    const at = table + index * size
    if (at + 4 > head.length) return false
    if (u32(head, at) === interpreter) return false
  }
  return count > 0
}
