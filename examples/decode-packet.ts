// Decodes the plaintext of a frame, changes a field and builds it again: node decode-packet.js HEX
import {decodePacket, encodePacket, messageOf, parseHex, toHex} from 'toxtcp'

const {bytes} = parseHex(process.argv[2] ?? '04 0000000000000001')
const record = decodePacket(bytes, {from: 'client'})
console.log(record.type, record.findings.map(messageOf))

const ping = record.packet('ping_request')
if (ping) console.log(toHex(encodePacket('ping_request', {...ping, ping_id: ping.ping_id.toReversed()})))
