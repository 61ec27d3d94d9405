import {InputError} from '../../wire/input-error.js'
import {limits} from '../limits.js'

/** The error for a capture that makes no sense from some byte on. */
export function damaged(message: string): InputError {
  return new InputError(message, 'the file is damaged from there on; everything before was read', 'damaged-capture')
}

/** @param offset in the file. @param captured number of bytes that it claims to have. */
export function oversize(what: 'record' | 'packet', offset: number, captured: number): InputError {
  return damaged(
    `the ${what} at byte ${offset} of the capture claims ${captured} bytes, ` +
      `and no packet has over ${limits.packetBytes}`,
  )
}
