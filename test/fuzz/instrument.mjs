import ts from 'typescript'

/** Longest literal of the source that mutations put into an input. */
const longestWord = 16

/**
 * Source that counts where it runs: each function, branch, loop, case and right side of a logical operator has a
 * counter of its own in the array that `globalThis.covered` is.
 * @param {string} source JavaScript, one module.
 * @returns {{text: string, places: number, words: string[]}} `words`: its string literals.
 */
export function instrumented(source) {
  let places = 0
  const words = new Set()
  const file = ts.createSourceFile('bundle.cjs', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS)
  const count = () => `covered[${places++}]++`
  const inBlock = text => `{${count()};${text.trimStart().slice(1)}`
  const statement = (node, text) => (ts.isBlock(node) ? inBlock(text) : `{${count()};${text}}`)
  const expression = text => `(${count()},(${text}))`

  /** A part of a node as it counts. */
  function part(parent, node, text) {
    if (ts.isIfStatement(parent) && node !== parent.expression) return statement(node, text)
    if (ts.isIterationStatement(parent, false) && node === parent.statement) return statement(node, text)
    if (ts.isFunctionLike(parent) && node === parent.body) return ts.isBlock(node) ? inBlock(text) : expression(text)
    if (ts.isConditionalExpression(parent) && (node === parent.whenTrue || node === parent.whenFalse))
      return expression(text)
    if (ts.isBinaryExpression(parent) && node === parent.right && isLogical(parent.operatorToken.kind))
      return expression(text)
    if (ts.isCaseOrDefaultClause(parent) && node === parent.statements[0]) return `${count()};${text}`
    return text
  }

  function rendered(node) {
    if (ts.isStringLiteral(node) && node.text.length > 1 && node.text.length <= longestWord) words.add(node.text)
    let text = ''
    let at = node.pos
    ts.forEachChild(node, child => {
      text += source.slice(at, child.pos) + part(node, child, rendered(child))
      at = child.end
    })
    return text + source.slice(at, node.end)
  }

  const text = rendered(file)
  return {text: text + source.slice(file.end), places, words: [...words]}
}

const isLogical = kind =>
  kind === ts.SyntaxKind.AmpersandAmpersandToken ||
  kind === ts.SyntaxKind.BarBarToken ||
  kind === ts.SyntaxKind.QuestionQuestionToken
