// Says of each connection why it may have ended, and counts data on connection ids that are not in use.
import {messageOf, openCapture} from 'toxtcp'

const [capture = 'capture.pcap', keylog] = process.argv.slice(2)
const unused = new Map<number, number>()

for await (const record of openCapture(capture, {keylog})) {
  for (const finding of record.findings) {
    // The code decides the type of the data: here it has an id.
    if (finding.code === 'data-on-free-id') unused.set(finding.data.id, (unused.get(finding.data.id) ?? 0) + 1)
  }
  const [cause] = record.causes
  if (cause) console.log(`connection ${record.connection}: ${messageOf(cause.finding)} in #${cause.number}`)
}
for (const [id, count] of unused) console.log(`data on id ${id}: ${count}`)
