// Forwards clients to a relay and prints what passes, until Ctrl-C: node logging-proxy.js RELAY:PORT [RELAY_KEY_FILE]
import {startProxy} from 'toxtcp'

const [upstream, relayKey] = process.argv.slice(2)
const proxy = await startProxy({upstream, relayKey})
console.log(`listening on ${proxy.port}`)

proxy.on('record', record => console.log(record.connection, record.from, record.type ?? record.kind, record.state))
proxy.on('note', sentence => console.error(sentence))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => proxy.stop())
