import {completionScripts, shells} from '../terminal/completion-scripts.js'
import type {Io} from '../terminal/io.js'
import {InputError} from '../wire/input-error.js'
import {didYouMean, nearest} from '../wire/text/nearest.js'

/** `toxtcp completion`: print the script of a shell. @returns the exit status. @throws InputError for another shell. */
export function completion(shell: string, io: Pick<Io, 'data'>): number {
  const known = shells.find(name => name === shell)
  if (known === undefined)
    throw new InputError(
      `there is no completion for "${shell}"`,
      didYouMean(shell, nearest(shell, shells)) ?? `toxtcp completion ${shells.join(', or ')}`,
      'unknown-name',
    )
  io.data(completionScripts[known])
  return 0
}
