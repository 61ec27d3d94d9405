import {statSync} from 'node:fs'
import {resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import {readBounded} from '../files/bounded-file.js'
import {belongsToUser} from '../files/ownership.js'
import type {Script} from '../proxy/intercept/script.js'
import {thrownText} from '../proxy/intercept/thrown.js'
import {InputError} from '../wire/input-error.js'
import {shellWord} from '../wire/text/shell-word.js'

/** Permission bit that lets everybody write. Groups are often the user's own. */
const writableByAll = 0o002

/** Most bytes of a script. */
const scriptBytes = 16 * 1024 * 1024

/** @throws InputError if it cannot be loaded, or exports no hook. */
export async function loadScript(path: string): Promise<Script> {
  checkOwner(path)
  // Gives a missing file the usual error; import() would show a place in our own code.
  await readBounded(path, scriptBytes)
  let exported: Record<string, unknown>
  try {
    exported = await imported(path)
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(
      `the script ${path} cannot be loaded: ${thrownText(error)}`,
      `node --check ${shellWord(path)} shows mistakes of its syntax`,
      'bad-script',
    )
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

/**
 * The exports of a module. One that waits for what never happens would keep nobody waiting: Node.js ends a process that
 * has nothing else to do, with the status of success.
 */
function imported(path: string): Promise<Record<string, unknown>> {
  return new Promise((loaded, failed) => {
    const idle = () =>
      failed(
        new InputError(
          `the script ${path} never finishes loading: it waits for a promise that nothing settles`,
          'look at its top-level await, and at an export named then',
          'bad-script',
        ),
      )
    process.once('beforeExit', idle)
    import(pathToFileURL(resolve(path)).href).then(loaded, failed).finally(() => process.off('beforeExit', idle))
  })
}

/**
 * Code runs with the user's rights: it must not be code that somebody else put there or can change. The module loader
 * reads it once more, so it must be a file that stays.
 */
function checkOwner(path: string): void {
  const stat = statSync(path, {throwIfNoEntry: false})
  if (stat && !stat.isFile() && !stat.isDirectory())
    throw new InputError(`cannot run ${path}: it is a pipe or a device`, 'save the script as a file', 'bad-script')
  if (stat && stat.uid !== 0 && !belongsToUser(stat))
    throw new InputError(`cannot run ${path}: it belongs to another user`, 'copy it, and run the copy', 'bad-script')
  if (stat && process.platform !== 'win32' && (stat.mode & writableByAll) !== 0)
    throw new InputError(`cannot run ${path}: every user can write to it`, 'chmod o-w takes that away', 'bad-script')
}
