import type {Field} from '../wire/field.js'
import {uint} from '../wire/field.js'
import {limits} from './limits.js'

/** Table slot of a connection id: ids 16..255 are slots 0..239. */
export const slotOf = (connectionId: number): number => connectionId - limits.firstConnectionId
/** Connection id of a table slot. */
export const connectionIdOf = (slot: number): number => slot + limits.firstConnectionId

/** True for 16..255. */
export const isConnectionId = (id: number): boolean => id >= limits.firstConnectionId && id <= 255

/** A connection id that names a slot. In a RouteResponse 0 is legal as well: the route was refused. */
export const connectionId = (about: string, options: {zero: boolean}): Field<number> =>
  uint(
    'Connection id',
    about,
    1,
    options.zero
      ? [
          [0, 0],
          [limits.firstConnectionId, 255],
        ]
      : [[limits.firstConnectionId, 255]],
  )
