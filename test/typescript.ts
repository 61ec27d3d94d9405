import {createRequire} from 'node:module'
import type typescript from 'typescript'

/** TypeScript's compiler. It is required: import() would first look through its 9 MB for the names that it exports. */
export const ts: typeof typescript = createRequire(import.meta.url)('typescript')
