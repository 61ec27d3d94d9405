import fc from 'fast-check'

const surrogates = {first: 0xd800, count: 0x800}

/**
 * Any character of Unicode, as the unit of a string. What fast-check calls `binary` is the same, but for that it keeps a
 * table of all million, which takes a second and 85 MB in each process.
 */
export const codePoint: fc.Arbitrary<string> = fc
  .integer({min: 0, max: 0x10ffff - surrogates.count})
  .map(number => String.fromCodePoint(number < surrogates.first ? number : number + surrogates.count))
