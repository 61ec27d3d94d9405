// Prints one connection as a dialogue, from the bytes that each side sent: node follow-stream.js CLIENT RELAY KEYLOG
import {openStream} from 'toxtcp'

const [client, relay, keylog] = process.argv.slice(2)

for await (const record of openStream({client, relay}, {keylog})) {
  if (record.kind !== 'frame' && record.kind !== 'handshake') continue
  const indent = record.from === 'relay' ? '\t\t' : ''
  console.log(`${indent}${record.type ?? record.state}, ${record.length} bytes`)
}
