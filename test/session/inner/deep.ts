import {jsonLines} from '../recorded.js'

/** A box as deep.jsonl.gz describes it. The plaintext of the layers of an onion is given by its fields alone. */
interface TrueBox {
  readonly plaintext?: string
  readonly key: string
  readonly nonce: string
}

/** One relay packet with the boxes inside it. */
interface DeepPacket {
  readonly session: number
  readonly direction: 'c2s' | 's2c'
  readonly seq: number
  readonly deep: Readonly<Record<string, unknown>>
}

/** The boxes of one relay packet, outermost first: what each is, and its plaintext in hex. */
export interface TruePacket {
  /** Connection, sender and nonce offset. */
  readonly place: string
  readonly boxes: readonly {
    readonly kind: string
    readonly plaintext: string | undefined
    /** In hex. */
    readonly key: string
    readonly nonce: string
  }[]
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const boxOf = ({plaintext, key, nonce}: Readonly<Record<string, unknown>>): TrueBox => ({
  ...(plaintext !== undefined && {plaintext: String(plaintext)}),
  key: String(key),
  nonce: String(nonce),
})

function* boxesOf(value: Readonly<Record<string, unknown>>, path: string): Generator<readonly [string, TrueBox]> {
  for (const [name, part] of Object.entries(value)) {
    if (!isObject(part)) continue
    if (name === 'box' || name === 'inner_box') yield [`${path} ${name}`, boxOf(part)]
    else yield* boxesOf(part, name)
  }
}

/** What is inside the relay packets of a capture. */
export function deepPackets(name: string): TruePacket[] {
  return jsonLines<DeepPacket>(`captures/${name}/deep.jsonl.gz`).map(({session, direction, seq, deep}) => {
    const what = String(deep['name'] ?? deep['layer'])
    const inner = isObject(deep['inner']) ? String(deep['inner']['name']) : what
    return {
      place: `${session} ${direction === 'c2s' ? 'client' : 'relay'} ${seq}`,
      boxes: [...boxesOf(deep, what)].map(([path, {plaintext, key, nonce}]) => ({
        kind: path.replace(/^inner /, `${inner} `),
        ...{plaintext, key, nonce},
      })),
    }
  })
}

/** A box that was looked for, and whether it opened to its true plaintext. */
export interface Outcome {
  readonly kind: string
  readonly isOpen: boolean
}

/**
 * What became of each box of a capture.
 * @param plaintextsOf what was opened of the packet at a place, outermost first, in hex.
 */
export const outcomesOf = (name: string, plaintextsOf: (place: string) => readonly string[]): Outcome[] =>
  deepPackets(name).flatMap(({place, boxes}) => {
    const plaintexts = plaintextsOf(place)
    return boxes.map(({kind, plaintext}, depth) => {
      const own = plaintexts[depth]
      return {kind, isOpen: own !== undefined && own === (plaintext ?? own)}
    })
  })

/** Captures of real clients, with every key. */
export const deepCaptures = ['small', 'small_v6', 'bootstrapd_relay', 'two_clients'] as const

/** Boxes of the four captures, by kind. */
export const boxCounts = {
  'layer2 box': 1971,
  'layer3 box': 1971,
  'announce_request box': 1944,
  'data_route_request box': 27,
  'data_route_request inner_box': 27,
  'announce_response box': 1944,
  'data_route_response box': 18,
  'data_route_response inner_box': 18,
  'cookie_request box': 27,
  'cookie_response box': 16,
  'crypto_handshake box': 20,
  'crypto_data box': 1251,
}

/** How many of each kind opened. */
export const openBoxes = (outcomes: readonly Outcome[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.keys(boxCounts).map(kind => [kind, outcomes.filter(each => each.kind === kind && each.isOpen).length]),
  )
