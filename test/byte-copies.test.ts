import {relative, resolve} from 'node:path'
import ts from 'typescript'
import {expect, test} from 'vitest'

/** The memory of libsodium is never a Buffer. */
const exempt = ['src/crypto/sodium.ts']

/** Places in src/ that call `slice` of bytes, found by the type checker. */
function slicesOfBytes(): string[] {
  const host = {...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {}}
  const {fileNames, options} = ts.getParsedCommandLineOfConfigFile(resolve('tsconfig.json'), {}, host)!
  const own = fileNames.filter(file => relative('.', file).startsWith('src/'))
  const program = ts.createProgram(own, {...options, skipLibCheck: true})
  const checker = program.getTypeChecker()
  return own.flatMap(file => {
    const source = program.getSourceFile(file)!
    const found: string[] = []
    const visit = (node: ts.Node): void => {
      if (ts.isPropertyAccessExpression(node) && node.name.text === 'slice') {
        const type = checker.typeToString(checker.getTypeAtLocation(node.expression))
        const {line} = source.getLineAndCharacterOfPosition(node.getStart())
        if (/\b(?:Uint8Array|Buffer)\b/.test(type)) found.push(`${relative('.', file)}:${line + 1}`)
      }
      ts.forEachChild(node, visit)
    }
    if (source.text.includes('.slice(')) visit(source)
    return found
  })
}

test('bytes are copied by copyOf: slice of a Buffer is a view, which keeps all of its memory', () => {
  const found = slicesOfBytes().filter(place => !exempt.some(file => place.startsWith(file)))
  expect(found).toEqual([])
})
