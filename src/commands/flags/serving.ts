import * as Flags from '@oclif/core/flags'
import {repeatable} from './kinds.js'

/** Flags of the commands that listen for clients and record: proxy and relay. */

export const recording = {helpGroup: 'RECORDING'} as const

/** @param firstPort the port that is tried first where none is named. */
export const listenFlag = (firstPort: number) =>
  Flags.string({
    ...repeatable,
    helpValue: '[HOST:]PORT',
    description:
      `address to listen on; repeatable (default: 127.0.0.1 and the first free port from ${firstPort}; port 0: any ` +
      'free port)',
  })

/** @param helpGroup of the command that has it. */
export const scriptFlag = (helpGroup: {readonly helpGroup: string}) =>
  Flags.string({
    ...helpGroup,
    helpValue: 'FILE.mjs',
    description: 'module whose onPacket(packet, session) can change, drop, delay or add packets',
  })

/** The file of a recording and what goes into it. */
export const recordingFlags = {
  write: Flags.string({
    char: 'w',
    ...recording,
    helpValue: 'FILE',
    description: 'record the traffic as pcapng, with the session keys',
  }),
  force: Flags.boolean({...recording, description: 'replace a recording that exists'}),
  'embed-keys': Flags.boolean({
    default: true,
    allowNo: true,
    ...recording,
    description: 'put session keys into the recording, or leave them out (default: put)',
  }),
}

export const keyLogFlag = Flags.string({
  ...recording,
  helpValue: 'FILE',
  description: 'append the session keys to a key log, which decrypts any capture of the same traffic',
})
