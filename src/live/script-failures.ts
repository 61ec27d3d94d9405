/**
 * What a script does outside its hook, as in a timer, may throw where nobody catches it: that must not end the
 * connections that are open. Anything else goes on to who listened before.
 * @param failed called for each such error.
 */
export function catchScriptFailures(failed: (error: unknown) => void): void {
  const before = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', (error, origin) => {
    if (isOfModule(error)) failed(error)
    else for (const listener of before) listener(error, origin)
  })
}

/**
 * The program is bundled into scripts with plain paths; modules, which the user's script and what it imports are, have
 * URLs.
 */
const isOfModule = (error: unknown): boolean => !(error instanceof Error) || error.stack?.includes('file://') === true
