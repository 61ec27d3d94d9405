import type {Limit} from '../../../protocol/limits/limit.js'
import {ownLimits} from '../../../protocol/limits/own-limits.js'
import {protocolLimits} from '../../../protocol/limits.js'
import type {Topic} from './topic.js'

/** Every limit by toxtcp's name, those of the protocol first. */
export const limitTable: ReadonlyMap<string, Limit> = new Map(Object.entries({...protocolLimits, ...ownLimits}))

export const isOwn = (name: string): boolean => Object.hasOwn(ownLimits, name)

/** `2048 bytes`, `240 ids`, `64`. */
export const valueText = ({value, unit}: Limit): string =>
  unit === 'count' ? `${value}` : `${value} ${value === 1 ? unit.replace(/s$/, '') : unit}`

export function limitTopic(name: string, limit: Limit): Topic {
  const {value, unit, about, cToxcore, toxRs} = limit
  return {
    kind: 'limit',
    name,
    brief: `${valueText(limit)}: ${about}`,
    facts: {
      kind: 'limit',
      name,
      value,
      unit,
      about,
      is_own: isOwn(name),
      c_toxcore: cToxcore ?? null,
      tox_rs: toxRs ?? null,
    },
    write(page) {
      page.title(
        name,
        `${valueText(limit)}, ${isOwn(name) ? 'a limit that toxtcp sets itself' : 'limit of the protocol'}`,
      )
      page.text(about)
      if (cToxcore === undefined && toxRs === undefined) return
      page.head('Known as')
      page.items([
        ['c-toxcore', cToxcore ?? '-'],
        ['tox-rs', toxRs ?? '-'],
      ])
    },
  }
}
