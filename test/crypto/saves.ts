/** First bytes of a `.tox` save. c-toxcore state.c. */
export const saveMagic = [0, 0, 0, 0, 0x1f, 0x1b, 0xed, 0x15]

export const zeros = (count: number) => new Array<number>(count).fill(0)

const uint32 = (value: number) => [0, 8, 16, 24].map(bits => (value >> bits) & 0xff)

/** A section of a save: length and type little endian, the cookie, the bytes. */
export function saveSection(type: number, bytes: readonly number[]): number[] {
  return [...uint32(bytes.length), type, 0, 0xce, 0x01, ...bytes]
}

export interface SavedFriend {
  readonly publicKey: Iterable<number>
  /** UTF-8. */
  readonly name: Iterable<number>
  /** Other than the name's real length. */
  readonly nameLength?: number
}

/** A friend's 2,216 bytes in section 3, of one who was online before. c-toxcore Saved_Friend. */
function savedFriend({publicKey, name, nameLength}: SavedFriend): number[] {
  const bytes = [...name]
  const length = nameLength ?? bytes.length
  const padded = [...bytes, ...zeros(128)].slice(0, 128)
  return [
    ...[4, ...publicKey, ...zeros(1024), 0, ...zeros(2)],
    ...[...padded, length >> 8, length & 0xff],
    ...[...zeros(1007), 0, ...zeros(2), 0, ...zeros(3), ...zeros(4), ...zeros(8)],
  ]
}

/** A save of a client with a name and friends. */
export function clientSave(
  {publicKey, secretKey}: {publicKey: Iterable<number>; secretKey: Iterable<number>},
  name: Iterable<number>,
  friends: readonly SavedFriend[],
): Uint8Array {
  return new Uint8Array([
    ...saveMagic,
    ...saveSection(1, [...zeros(4), ...publicKey, ...secretKey]),
    ...saveSection(3, friends.flatMap(savedFriend)),
    ...saveSection(4, [...name]),
    ...saveSection(255, []),
  ])
}
