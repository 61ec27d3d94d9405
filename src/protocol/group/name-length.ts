import {textBytes, textOf} from '../../wire/text/utf8.js'

/** The first bytes of a name that is filled up: those that count. c-toxcore group_chats.c unpack_gc_peer. */
export function nameOfLength(name: string, length: number): string {
  const bytes = textBytes(name)
  return textOf(bytes, 0, Math.min(bytes.length, length))
}
