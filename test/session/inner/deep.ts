import {jsonLines} from '../recorded.js'

/** A box as deep.jsonl.gz tells of it. The plaintext of the layers of an onion is given by its fields alone. */
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
