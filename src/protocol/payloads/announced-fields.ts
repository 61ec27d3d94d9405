import {list, node, opaque, uint} from '../../wire/field.js'
import {countText} from '../../wire/text/phrases.js'
import {limits} from '../limits.js'

// What the boxes of both answers to an announce request hold.

export const announceStatus = uint('Status', '0 not found, 1 found, 2 stored.', 1, [[0, 2]])

const statusTexts = ['not found', 'found', 'stored']

/** `not found, 4 nodes`. */
export const answerText = (status: number, nodes: readonly unknown[]): string =>
  `${statusTexts[status] ?? `status ${status}`}, ${countText(nodes.length, 'node')}`

export const pingIdOrKey = opaque(
  'Ping id or data key',
  'Data key where it was found, else a ping id.',
  limits.onionPingId,
)

/** @param countedBy the field that says how many there are; without one they reach to the end. */
export const nearerNodes = (countedBy?: string) =>
  list('Nodes', 'Nodes nearer to the searched key.', {
    of: node('Node', 'Address and key.', [2, 10]),
    min: 0,
    max: limits.announcedNodes,
    ...(countedBy !== undefined && {countedBy}),
  })
