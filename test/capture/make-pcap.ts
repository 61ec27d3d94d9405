/** Settings of a pcap file to be made. */
export interface PcapForm {
  readonly little: boolean
  readonly magic: number
  readonly linkType?: number
  readonly minor?: number
}

export interface PcapRecord {
  readonly seconds: number
  readonly fraction: number
  readonly bytes: Uint8Array
  readonly originalLength?: number
}

/** A pcap file of the form. */
export function makePcap(form: PcapForm, records: readonly PcapRecord[]): Buffer {
  const u32 = (value: number) => number(value, 4, form.little)
  const u16 = (value: number) => number(value, 2, form.little)
  const parts = [u32(form.magic), u16(2), u16(form.minor ?? 4), u32(0), u32(0), u32(262144), u32(form.linkType ?? 1)]
  for (const {seconds, fraction, bytes, originalLength} of records) {
    parts.push(u32(seconds), u32(fraction), u32(bytes.length), u32(originalLength ?? bytes.length))
    if (form.magic === 0xa1b2cd34) parts.push(u32(1), u16(0x800), u16(0))
    parts.push(Buffer.from(bytes))
  }
  return Buffer.concat(parts)
}

/** A pcapng block: type, length, body padded to 4 bytes, length. */
export function makeBlock(little: boolean, type: number, ...body: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(body)
  const length = 12 + bytes.length + (-bytes.length & 3)
  return Buffer.concat([
    number(type, 4, little),
    number(length, 4, little),
    bytes,
    Buffer.alloc(-bytes.length & 3),
    number(length, 4, little),
  ])
}

export function makeSection(little: boolean): Buffer {
  return makeBlock(
    little,
    0x0a0d0d0a,
    number(0x1a2b3c4d, 4, little),
    number(1, 2, little),
    number(0, 2, little),
    Buffer.alloc(8, 0xff),
  )
}

export function makeOption(little: boolean, code: number, value: Uint8Array): Buffer {
  return Buffer.concat([
    number(code, 2, little),
    number(value.length, 2, little),
    value,
    Buffer.alloc(-value.length & 3),
  ])
}

export function makeInterface(
  little: boolean,
  linkType: number,
  snaplen = 0,
  ...options: readonly Uint8Array[]
): Buffer {
  return makeBlock(little, 1, number(linkType, 2, little), number(0, 2, little), number(snaplen, 4, little), ...options)
}

export function makeEnhanced(
  little: boolean,
  interfaceId: number,
  ticks: bigint,
  bytes: Uint8Array,
  originalLength = bytes.length,
): Buffer {
  const words = [interfaceId, Number(ticks >> 32n), Number(ticks & 0xffffffffn), bytes.length, originalLength]
  return makeBlock(little, 6, ...words.map(word => number(word, 4, little)), bytes)
}

export function number(value: number, size: 2 | 4, little: boolean): Buffer {
  const out = Buffer.alloc(size)
  if (little) out.writeUIntLE(value, 0, size)
  else out.writeUIntBE(value, 0, size)
  return out
}
