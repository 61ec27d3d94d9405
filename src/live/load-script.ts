import {resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import {readBounded} from '../files/bounded-file.js'
import type {Script} from '../proxy/intercept/script.js'
import {thrownText} from '../proxy/intercept/thrown.js'
import {InputError} from '../wire/input-error.js'

/** Most bytes of a script. */
const scriptBytes = 16 * 1024 * 1024

/** @throws InputError if it cannot be loaded, or exports no hook. */
export async function loadScript(path: string): Promise<Script> {
  // Gives a missing file the usual error; import() would show a place in our own code.
  await readBounded(path, scriptBytes)
  let exported: Record<string, unknown>
  try {
    exported = await import(pathToFileURL(resolve(path)).href)
  } catch (error) {
    throw new InputError(`the script ${path} cannot be loaded: ${thrownText(error)}`, undefined, 'bad-script')
  }
  const {onPacket} = exported
  if (typeof onPacket !== 'function') {
    throw new InputError(
      `the script ${path} exports no function onPacket`,
      'export function onPacket(packet, session) {...}',
      'bad-script',
    )
  }
  return {onPacket: (packet, session) => onPacket(packet, session)}
}
