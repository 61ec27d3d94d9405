import {realpathSync} from 'node:fs'
import {posixZone} from '../../view/posix-zone.js'

/**
 * The time zone that the system takes for TZ: a name, a path of the zone database, or POSIX's form; UTC where it is
 * empty or not known. Without TZ, that of the machine.
 */
export function timeZoneOf(env: Readonly<Record<string, string | undefined>>): string {
  const given = env['TZ']
  if (given === undefined) return Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC'
  const text = given.replace(/^:/, '')
  const name = text.startsWith('/') ? nameOfPath(text) : text
  return name !== '' && (isKnown(name) || posixZone(name)) ? name : 'UTC'
}

/** `Europe/Berlin` of `/usr/share/zoneinfo/Europe/Berlin`, or of a link to it; empty: it is not in the database. */
function nameOfPath(path: string): string {
  try {
    return /\/zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec(realpathSync(path))?.[1] ?? ''
  } catch {
    return ''
  }
}

function isKnown(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', {timeZone: name}) !== undefined
  } catch {
    return false
  }
}
