import type * as Interfaces from '@oclif/core/interfaces'
import type {ViewOptions} from '../../actions/view/view.js'
import {captureFlags, drawingFlags, keyFlags, keyOptions, packetFlags} from './flags.js'
import {givenLabels, labelFlags} from './labels.js'

/** Flags of all commands that open the view. */
export const viewFlags = {
  read: captureFlags.read,
  port: captureFlags.port,
  filter: packetFlags.filter,
  time: packetFlags.time,
  peers: packetFlags.peers,
  ...labelFlags,
  ...drawingFlags,
  ...keyFlags,
}

/** @param files as arguments. @throws InputError for names of peers that cannot be read. */
export async function viewOptions(
  flags: Interfaces.InferredFlags<typeof viewFlags>,
  files: readonly string[],
  env: Parameters<typeof keyOptions>[1],
): Promise<ViewOptions> {
  const {port = [], filter, time = 'r', color, peers} = flags
  const all = [...(flags.read ?? []), ...files]
  const named = (name: string, values: readonly (string | number)[] = []) =>
    values.flatMap(value => [`--${name}`, String(value)])
  // A secret key on a command line would be copied with it.
  const ofKeys = [...named('key', flags.key), ...named('keylog', flags.keylog), ...named('relay-pk', flags['relay-pk'])]
  const ofNames = [...named('label', flags.label), ...named('labels', flags.labels)]
  const command = ['toxtcp', 'read', ...all, ...named('port', port), ...ofKeys, ...ofNames]
  const labels = await givenLabels(flags)
  return {files: all, ports: port, filter, time, color, peers, labels, keys: keyOptions(flags, env), command}
}
