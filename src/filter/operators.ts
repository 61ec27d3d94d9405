import type {Comparison} from './expression.js'

/** An operator of display filters, with every spelling of it. */
interface Operator {
  readonly spellings: readonly string[]
  readonly about: string
  readonly example: string
}

/** Between a field and a value. `every` asks that all values hold, and that there is one. */
export interface TestOperator extends Operator {
  readonly test: Comparison | 'contains' | 'matches'
  readonly every: boolean
}

/** Operators between two sides, as Wireshark has them from 4.0 on. */
export const testOperators: readonly TestOperator[] = [
  {
    test: '==',
    every: false,
    spellings: ['==', 'eq', 'any_eq'],
    about: 'A value is equal.',
    example: 'type == oob_send',
  },
  {
    test: '!=',
    every: true,
    spellings: ['!=', 'ne', 'all_ne'],
    about: 'There is a value, and none is equal.',
    example: 'ip.addr != 127.0.0.1',
  },
  {
    test: '==',
    every: true,
    spellings: ['===', 'all_eq'],
    about: 'There is a value, and all are equal.',
    example: 'finding.severity === note',
  },
  {
    test: '!=',
    every: false,
    spellings: ['!==', 'any_ne', '~='],
    about: 'A value is not equal.',
    example: 'tcp.port !== 33445',
  },
  {test: '>', every: false, spellings: ['>', 'gt'], about: 'A value is greater.', example: 'frame.len > 1400'},
  {
    test: '>=',
    every: false,
    spellings: ['>=', 'ge'],
    about: 'A value is greater or equal.',
    example: 'finding.severity >= warn',
  },
  {
    test: '<',
    every: false,
    spellings: ['<', 'lt'],
    about: 'A value is less.',
    example: 'frame.time < "2026-11-23 01:50:00"',
  },
  {
    test: '<=',
    every: false,
    spellings: ['<=', 'le'],
    about: 'A value is less or equal.',
    example: 'frame.number <= 100',
  },
  {
    test: 'contains',
    every: false,
    spellings: ['contains'],
    about: 'A value contains these bytes or this text.',
    example: 'oob_send.destination_pk contains 9f:2a',
  },
  {
    test: 'matches',
    every: false,
    spellings: ['matches', '~'],
    about:
      'A value matches a regular expression; case does not matter, unless the pattern starts with (?-i). ' +
      'No lookaround, no back references.',
    example: String.raw`finding.message matches "id \d+"`,
  },
]

/** Membership. */
export const memberOperator: Operator = {
  spellings: ['in'],
  about: 'A value is a member of the set, or within a range (both ends included).',
  example: 'tcp.port in {443, 3389, 33440..33450}',
}

export type Join = 'and' | 'xor' | 'or'

/**
 * Operators between tests, from the strongest to the weakest; `!` binds stronger, comparisons strongest.
 */
export const joinOperators: readonly (Operator & {readonly join: Join})[] = [
  {join: 'and', spellings: ['&&', 'and'], about: 'Both hold.', example: 'from == client && oob_send'},
  {
    join: 'xor',
    spellings: ['^^', 'xor'],
    about: 'One holds and the other does not.',
    example: 'oob_send ^^ finding.code',
  },
  {join: 'or', spellings: ['||', 'or'], about: 'One holds, or both.', example: 'oob_send || oob_receive'},
]

export const notOperator: Operator = {spellings: ['!', 'not'], about: 'It does not hold.', example: 'not type == data'}

/** Words before a comparison. */
export const quantifiers = {
  any: {about: 'One value that holds is enough.', example: 'any tcp.port > 40000'},
  all: {about: 'All values must hold, and there must be one.', example: 'all tcp.port > 1024'},
} as const

/** Forms of slices, after a field of bytes or text. Offsets count from 0, negative ones from the end. */
export const sliceForms = {
  '[offset:length]': 'oob_send.destination_pk[0:2] == 9f2a',
  '[first-last]': 'plaintext[1-4] == 00:11:22:33',
  '[offset]': 'plaintext[0] == 06',
  '[:length]': 'type[:3] == "oob"',
  '[offset:]': 'wire[-2:] == 0xffff',
  '[part,part]': 'plaintext[0,3-4] contains 06',
} as const
