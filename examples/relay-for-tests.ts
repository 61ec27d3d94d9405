// Starts a relay for the test of a client, which prints who asks for whom, and who closes:
// node relay-for-tests.js [FLAG...], where a flag is a wrong behaviour, for example silent-pings
import {type Provocation, provocations, startRelay, toHex} from 'toxtcp'

const isProvocation = (name: string): name is Provocation => name in provocations
const relay = await startRelay({provocations: process.argv.slice(2).filter(isProvocation), pingInterval: '1s'})
console.log(`listening on ${relay.port} with the key ${relay.publicKey}`)

relay.on('record', record => {
  const request = record.packet('route_request')
  if (request) console.log(`connection ${record.connection} asks for ${toHex(request.pk)}`)
  if (record.kind === 'end') console.log(`connection ${record.connection}: the ${record.from} closes`)
})
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, async () => {
    await relay.stop()
    console.log(`${relay.counts.relayed} packets relayed, ${relay.counts.dropped} dropped`)
  })
