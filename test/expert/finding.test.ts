import {expectTypeOf, test} from 'vitest'
import {type Finding, finding} from '../../src/expert/finding.js'

const raised = (): Finding => finding('data-on-free-id', {id: 16})

test('the code of a finding gives its data a type', () => {
  const found: Finding = raised()
  expectTypeOf(found.code).not.toEqualTypeOf<string>()
  if (found.code === 'data-on-free-id') expectTypeOf(found.data.id).toEqualTypeOf<number>()
  if (found.code === 'handshake-sealed') expectTypeOf(found.data.pk).toEqualTypeOf<string>()
})

test('a finding needs the data of its rule, and no other', () => {
  expectTypeOf(finding<'data-on-free-id'>)
    .parameter(1)
    .toEqualTypeOf<{id: number}>()
  expectTypeOf(finding<'packet-too-long'>)
    .parameter(1)
    .toEqualTypeOf<{title: string; length: number; most: number}>()
})
