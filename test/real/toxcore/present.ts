import {toxcoreLoads} from './library.js'
import {relayInstalled} from './relay.js'

/** Why tests against real toxcore cannot run here; undefined if they can. */
export const missing = (): string | undefined => {
  const absent = [
    toxcoreLoads() ? [] : ['libtoxcore.so.2 (package libtoxcore2)'],
    relayInstalled() ? [] : ['tox-bootstrapd (package toxcore-utils)'],
  ].flat()
  return absent.length > 0 ? `not installed: ${absent.join(', ')}` : undefined
}
