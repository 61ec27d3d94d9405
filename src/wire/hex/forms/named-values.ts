/** Names of members that hold the bytes of a packet, where several members look like hex. */
export const payloadNames = /payload|data|bytes|hex|raw|body|packet|frame/i

/** Characters before a value in which its name is looked for. */
const longestName = 180

/**
 * The name of the value at an index: `data: `, `"data":`, `data[] = `, `Data:[]uint8`, `data: Uint8Array(9) `.
 * @returns undefined where it has none.
 */
function nameBefore(text: string, index: number): string | undefined {
  const before = text
    .slice(Math.max(0, index - longestName), index)
    .trimEnd()
    .replace(/(?:\[\])?(?<!\w)[A-Za-z_]\w{0,30}(?:\(\d{0,9}\))?!?$/, '')
    .trimEnd()
  const [mark] = /(?::|=>?)$/.exec(before) ?? []
  if (mark === undefined) return undefined
  const named = before.slice(0, -mark.length).trimEnd()
  return /[\w.-]{1,60}$/.exec(named.replace(/\[\d{0,9}\]$|["']$/, ''))?.[0]
}

/**
 * The values whose names say that they are payloads, where some do: keys and addresses are beside them.
 * @param start of each value, with its bracket.
 */
export function payloadsOf<Value>(text: string, values: readonly Value[], start: (value: Value) => number): Value[] {
  if (values.length < 2) return [...values]
  const named = values.filter(value => payloadNames.test(nameBefore(text, start(value)) ?? ''))
  return named.length > 0 ? named : [...values]
}
