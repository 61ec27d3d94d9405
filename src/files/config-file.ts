import {join} from 'node:path'
import {InputError} from '../wire/input-error.js'
import {readRegularFile} from './bounded-file.js'
import {codeOf, fileError} from './errors/file-error.js'
import {configBytes} from './limits.js'
import {userFolder} from './own-folder.js'

/** The variable that names the file of the user's defaults; empty: none. */
const configVariable = 'TOXTCP_CONFIG'

type Environment = Readonly<Record<string, string | undefined>>

/** Where the user's defaults are; undefined: nowhere. */
export function configPath(env: Environment): string | undefined {
  const named = env[configVariable]
  if (named !== undefined) return named === '' ? undefined : named
  const folder = userFolder('config', env)
  return folder === undefined ? undefined : join(folder, 'config.json')
}

/**
 * The file of the user's defaults.
 * @returns undefined without one.
 * @throws InputError for a file that cannot be read, or that the variable names and that does not exist.
 */
export function readConfigFile(env: Environment): {path: string; text: string} | undefined {
  const path = configPath(env)
  if (path === undefined) return undefined
  try {
    return {path, text: new TextDecoder().decode(readRegularFile(path, configBytes))}
  } catch (error) {
    const isMissing = codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR'
    if (isMissing && env[configVariable] === undefined) return undefined
    const {message, code} = error instanceof InputError ? error : fileError(error, 'read', path)
    throw new InputError(message, `with ${configVariable}= in front of it, the command runs without defaults`, code)
  }
}
