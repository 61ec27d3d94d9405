import type {SessionRecord} from '../../src/session/record.js'
import {type PrintOptions, printer} from '../../src/view/printer.js'

const usual: PrintOptions = {
  format: 'list',
  hex: false,
  bytes: false,
  isAscii: true,
  colorLevel: 0,
  width: 80,
  timeForm: 'r',
  fields: [],
  fieldOptions: {},
  hasConnections: true,
}

/** All that a printer writes about records. */
export function printed(records: readonly SessionRecord[], options: Partial<PrintOptions> = {}): string {
  let text = ''
  const to = printer({...usual, ...options}, more => {
    text += more
  })
  for (const record of records) to.print(record)
  to.end()
  return text
}
