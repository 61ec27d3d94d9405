import type {Finding} from './finding.js'

/** Findings that say what the proxy did to a packet: what one end sent is not what the other received. */
export const alterations: ReadonlySet<Finding['code']> = new Set([
  'packet-changed',
  'packet-dropped',
  'packet-delayed',
  'packet-instead',
  'packet-injected',
  'packet-late',
  'packet-held',
  'packet-edited',
])
