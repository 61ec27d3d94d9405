import type {Shard} from '../../capture/shard.js'
import {setFlag} from '../../wire/advice.js'
import {InputError} from '../../wire/input-error.js'

/** Most shards: more than there are machines, and as exact as the remainder of a 32-bit hash is fair. */
const mostShards = 65_536

/** The shard that a flag names: `1/4` is the first of four. @throws InputError for anything else. */
export function shardNamed(text: string): Shard {
  const [, number, count] = (/^(\d{1,15})\/(\d{1,15})$/.exec(text) ?? []).map(Number)
  if (number === undefined || count === undefined)
    throw new InputError(`--shard "${text}" is not a shard, as in 1/4`, setFlag('--shard', '1/4'), 'bad-option')
  if (count < 1 || count > mostShards)
    throw new InputError(
      `--shard "${text}" has ${count} shards, and there may be 1 to ${mostShards}`,
      setFlag('--shard', '1/4'),
      'bad-option',
    )
  if (number < 1 || number > count)
    throw new InputError(
      `--shard "${text}" is out of range: the shards are 1/${count} to ${count}/${count}`,
      setFlag('--shard', `1/${count}`),
      'bad-option',
    )
  return {number, count}
}

/** What was read, in a note. @param text the flag's value; undefined: all. */
export const ofShard = (files: string, text: string | undefined): string =>
  text === undefined ? files : `shard ${text} of ${files}`
