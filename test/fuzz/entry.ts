import {targets} from './targets.js'

// What fuzz-thread.mjs finds in the bundle that run.mjs makes and instruments.

export {loadSodium} from '../../src/crypto/sodium.js'
export {runTarget} from './targets.js'

export const targetNames = Object.keys(targets)
export const seedsOf = (name: string): Uint8Array[] => [...targets[name]!.seeds()]
