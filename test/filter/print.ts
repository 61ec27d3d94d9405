import type {Expression, Operand, Slice} from '../../src/filter/expression.js'

function sliceText({start, length, last}: Slice): string {
  if (length !== undefined) return `${start}:${length}`
  return last !== undefined ? `${start}-${last}` : `${start}:`
}

function operandText({kind, text, slices}: Operand): string {
  const body = kind === 'word' ? text : kind === 'raw' ? `r"${text}"` : `"${text}"`
  return body + slices.map(parts => `[${parts.map(sliceText).join(',')}]`).join('')
}

/** An expression as text that reads as the same expression. */
export function filterText(expression: Expression): string {
  switch (expression.kind) {
    case 'or':
    case 'xor':
    case 'and':
      return expression.parts
        .map(part => (isJoined(part) ? `(${filterText(part)})` : filterText(part)))
        .join(` ${expression.kind} `)
    case 'not':
      return `not ${isJoined(expression.part) ? `(${filterText(expression.part)})` : filterText(expression.part)}`
    case 'present':
      return operandText(expression.left)
    default: {
      const right =
        expression.kind === 'in'
          ? `{${expression.members.map(range => range.map(operandText).join('..')).join(', ')}}`
          : operandText(expression.right)
      const operator = expression.kind === 'compare' ? expression.operator : expression.kind
      return `${expression.every ? 'all' : 'any'} ${operandText(expression.left)} ${operator} ${right}`
    }
  }
}

const isJoined = ({kind}: Expression): boolean => kind === 'or' || kind === 'xor' || kind === 'and'
