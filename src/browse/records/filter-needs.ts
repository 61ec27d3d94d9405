import type {Expression, Operand} from '../../filter/expression.js'
import {findName} from '../../filter/names/names.js'
import {recordNames} from '../../filter/names/record-names.js'
import {parseFilter} from '../../filter/parse.js'

/** Names of all records whose values are bytes of a packet, or read from them. */
const ofBytes = ['id', 'inner.type', 'inner.id', 'inner.state', 'key', 'rest', 'plaintext', 'wire']

/** Names whose values are known without a packet's bytes. */
const light = new Set(
  recordNames()
    .map(({name}) => name)
    .filter(name => !ofBytes.includes(name)),
)

/** A word on the right is a field's name if it has a dot, or if the left side is a literal: see `compileFilter`. */
function namesOf(left: Operand, others: readonly Operand[]): readonly string[] {
  const isTurned = findName(left.text) === undefined
  const names = others.filter(({kind, text}) => kind === 'word' && (isTurned || text.includes('.')))
  return [left, ...names].map(({text}) => text)
}

function namesIn(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
    case 'xor':
      return expression.parts.flatMap(namesIn)
    case 'not':
      return namesIn(expression.part)
    case 'in':
    case 'present':
      return [expression.left.text]
    default:
      return namesOf(expression.left, [expression.right])
  }
}

/** Whether a filter has to look at the bytes of packets. @param text without a mistake. */
export const needsBytes = (text: string): boolean =>
  namesIn(parseFilter(text)).some(name => findName(name) && !light.has(name))
