import {readFileSync} from 'node:fs'
import {join, relative, resolve} from 'node:path'
import type {Node, Program, SourceFile} from 'typescript'
import {ts} from './typescript.js'

let known: Program | undefined

/** All modules of src/ and bin/, parsed once. Their comments are not: no test asks what they say to the compiler. */
function program(): Program {
  if (known) return known
  const system = {...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {}}
  const {fileNames, options} = ts.getParsedCommandLineOfConfigFile(resolve('tsconfig.json'), {}, system)!
  const own = fileNames.filter(file => /^(?:src|bin)\//.test(relative('.', file)))
  const host = ts.createCompilerHost(options, true)
  known = ts.createProgram(own, options, {...host, jsDocParsingMode: ts.JSDocParsingMode.ParseNone})
  return known
}

/** Give up 130 MB of syntax trees, which other test files in the process would have among their garbage. */
export function forgetProgram(): void {
  known = undefined
}

/** @param path of a module, below the project; JavaScript is not in the program. */
export function treeOf(path: string): SourceFile {
  const tree = program().getSourceFile(resolve(path))
  return tree ?? ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2023, true)
}

/** Places in src/ that call `slice` of bytes, found by the type checker. */
export function slicesOfBytes(): string[] {
  const checker = program().getTypeChecker()
  return program()
    .getSourceFiles()
    .flatMap(source => {
      const file = relative('.', source.fileName)
      const found: string[] = []
      const visit = (node: Node): void => {
        if (ts.isPropertyAccessExpression(node) && node.name.text === 'slice') {
          const type = checker.typeToString(checker.getTypeAtLocation(node.expression))
          const {line} = source.getLineAndCharacterOfPosition(node.getStart())
          if (/\b(?:Uint8Array|Buffer)\b/.test(type)) found.push(`${file}:${line + 1}`)
        }
        ts.forEachChild(node, visit)
      }
      if (file.startsWith(join('src', '/')) && source.text.includes('.slice(')) visit(source)
      return found
    })
}
