// Lists who asked for a route to whom: node route-requests.js CAPTURE KEYLOG
import {openCapture, toHex} from 'toxtcp'

const [capture = 'capture.pcap', keylog] = process.argv.slice(2)

for await (const record of openCapture(capture, {keylog})) {
  const request = record.packet('route_request')
  if (request) console.log(record.time?.toISOString(), record.connection, toHex(request.pk))
}
