import {availableParallelism} from 'node:os'
import {Worker} from 'node:worker_threads'
import {isBuilt} from '../../files/built-program.js'
import {type KeyOptions, keyLogsOf} from '../../files/keys/load-keys.js'
import type {CaptureSource} from '../capture-source.js'

/** Size of a capture with keys from which threads are worth their start, in bytes. */
const worthThreads = 16 * 1024 * 1024
/**
 * Most threads unless more are asked for, and one processor is left to this one: it does over a third of the work. Each
 * takes about 14 MB.
 */
const mostThreads = 4

/** Megabytes of young objects of a worker: what it makes dies with its batch. */
const youngMegabytes = 8

/**
 * Start the threads that reading is worth, for a `WorkerEngine`. They load their part while this one loads keys; until
 * they are given work they keep no process alive.
 * @param wanted how many; undefined: as many as are worth it; 0: none.
 */
export function startThreads(
  sources: readonly CaptureSource[],
  keys: KeyOptions,
  wanted: number | undefined,
): Worker[] {
  const bytes = sources.reduce((sum, {size}) => sum + (size ?? 0), 0)
  const worth = hasKeys(keys) && bytes >= worthThreads ? Math.min(availableParallelism() - 1, mostThreads) : 0
  return Array.from({length: isBuilt ? (wanted ?? worth) : 0}, () => {
    const worker = new Worker(new URL('./capture-worker.js', import.meta.url), {
      resourceLimits: {maxYoungGenerationSizeMb: youngMegabytes},
    })
    worker.unref()
    return worker
  })
}

const hasKeys = ({key, keylog, secretKey, relayPk, env}: KeyOptions): boolean =>
  [key, keyLogsOf({keylog, env}), secretKey, relayPk].some(given => given.length > 0)
