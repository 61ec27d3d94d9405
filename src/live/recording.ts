import {fileError, openedFile} from '../files/errors/file-error.js'
import {keyLogsOf} from '../files/keys/load-keys.js'
import {now} from '../proxy/net/clock.js'
import {Recorder, type RecorderOptions} from '../proxy/recording/recorder.js'
import {Recording} from '../proxy/recording/recording.js'
import {addFlags} from '../wire/advice.js'
import {InputError} from '../wire/input-error.js'
import type {InspectionHost} from './inspection-host.js'
import {type ProxySettings, recordingFlags, rotationOf} from './settings.js'
import type {Recorded} from './summary.js'

/** Options of the recorder; undefined without `-w`. @throws InputError */
export function recorderOptions(options: ProxySettings): Omit<RecorderOptions, 'failed'> | undefined {
  const {write: path, force, embedsKeys, keys} = options
  const rotation = rotationOf(options)
  if (path === undefined) {
    if (force) throw new InputError('--force is given without -w', addFlags(recordingFlags), 'bad-option')
    return undefined
  }
  if (path === '-')
    throw new InputError(
      '-w - is given, but a recording cannot go to standard output',
      'use a named pipe: mkfifo PIPE, then -w PIPE',
      'bad-option',
    )
  const findsKeysLate = keyLogsOf(keys).length + keys.key.length + keys.secretKey.length > 0
  return {path, force, rotation, embedsKeys, findsKeysLate}
}

/** A recording in progress. */
export interface ProxyRecording {
  /** Takes the events in place of the host's inspection, and passes them on to it. */
  readonly recording: Recording
  /** Resolves when all is written. */
  close(): Promise<Recorded>
}

/** @param isTox every connection goes to a relay. @throws InputError */
export function startRecording(
  options: Omit<RecorderOptions, 'failed'>,
  isTox: boolean,
  host: InspectionHost,
): ProxyRecording {
  const failed = (error: unknown, path: string) =>
    host.note(`${reasonOf(error, path)}; nothing more is recorded, forwarding goes on`)
  const recorder = openedFile(options.path, () => new Recorder({...options, failed}, now()))
  return {
    recording: new Recording(recorder, host.inspection, isTox),
    async close() {
      const {packets, path, files} = recorder
      await recorder.close()
      return {packets, path, files, hasFailed: recorder.hasFailed}
    },
  }
}

/** A sentence for any failure: forwarding must not end because of it. */
function reasonOf(error: unknown, path: string): string {
  if (error instanceof InputError) return error.message
  return error instanceof Error && 'syscall' in error
    ? fileError(error, 'write', path).message
    : `recording failed (${String(error)})`
}
