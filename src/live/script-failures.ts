import {isFromModule} from '../proxy/intercept/thrown.js'

/**
 * Catch what a script throws outside its hook, as in a timer: it must not end the connections that are open. Other
 * uncaught errors go to those who listened for them before.
 * @param failed called with each value that the script threw.
 */
export function catchScriptFailures(failed: (error: unknown) => void): void {
  const before = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', (error, origin) => {
    if (isOfScript(error)) failed(error)
    else for (const listener of before) listener(error, origin)
  })
}

/**
 * The program itself is bundled into scripts with plain paths; modules, which the user's script and its imports are,
 * have URLs. It throws and rejects with nothing but errors: for another value node makes an error of its own.
 */
const isOfScript = (thrown: unknown): boolean =>
  !isError(thrown) || isFromModule(thrown) || ('code' in thrown && thrown.code === 'ERR_UNHANDLED_REJECTION')

function isError(thrown: unknown): thrown is Error {
  try {
    return thrown instanceof Error
  } catch {
    return false
  }
}
