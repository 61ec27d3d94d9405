// Writes the records that match a filter as JSON, one a line: node write-json.js CAPTURE KEYLOG FILTER
import {InputError, openCapture} from 'toxtcp'

const [capture = 'capture.pcap', keylog, filter] = process.argv.slice(2)

try {
  for await (const record of openCapture(capture, {keylog, filter})) console.log(JSON.stringify(record))
} catch (error) {
  if (!(error instanceof InputError)) throw error
  console.error(`${error.code}: ${error.message}\n${error.hint ?? ''}`)
  process.exitCode = error.code === 'bad-filter' ? 2 : 1
}
