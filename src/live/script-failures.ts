import {isThrownByScript, thrownText} from '../proxy/intercept/thrown.js'

/**
 * Catch what a script throws outside its hook, for example in a timer: it must not end the open connections. Other
 * uncaught errors go to the listeners that were installed before.
 * @param failed called with a text for each value that the script threw.
 */
export function catchScriptFailures(failed: (text: string) => void): void {
  const before = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', (error, origin) => {
    if (isThrownByScript(error)) failed(thrownText(error))
    else for (const listener of before) listener(error, origin)
  })
}
