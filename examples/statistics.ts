// Prints how many packets of each type a capture has, and how long pings took.
import {percentile, statistics} from 'toxtcp'

const [capture = 'capture.pcap', keylog] = process.argv.slice(2)
const {kinds, pings, connections} = await statistics(capture, {keylog})

console.log(`${connections.length} connections`)
for (const {title, packets} of kinds) console.log(`${title}: ${packets[0]} by clients, ${packets[1]} by relays`)
for (const {log, side, times} of pings) {
  if (log === null) console.log(`pings by ${side === 0 ? 'clients' : 'relays'}: median ${percentile(times, 0.5)} us`)
}
