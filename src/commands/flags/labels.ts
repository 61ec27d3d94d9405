import * as Flags from '@oclif/core/flags'
import type * as Interfaces from '@oclif/core/interfaces'
import {repeatable} from './kinds.js'

/** Names of peers that the user gives. */
export const labelFlags = {
  label: Flags.string({
    ...repeatable,
    helpValue: 'KEY=NAME',
    description: 'name of the peer with this public key or Tox ID, shown with its key (repeatable)',
  }),
  labels: Flags.string({
    ...repeatable,
    helpValue: 'FILE',
    description: 'file with such names, one KEY=NAME a line (repeatable)',
  }),
}

/** @returns names by keys in hex; undefined if none is given. @throws InputError as `labelsOf` does. */
export async function givenLabels({
  label = [],
  labels = [],
}: Interfaces.InferredFlags<typeof labelFlags>): Promise<ReadonlyMap<string, string> | undefined> {
  if (label.length + labels.length === 0) return undefined
  const {labelsOf} = await import('../../terminal/options/labels.js')
  return labelsOf(label, labels)
}
