// Explains each rule that a packet breaks, with what each implementation does about it: node explain-findings.js HEX
import {decodePacket, explain, parseHex} from 'toxtcp'

const {bytes} = parseHex(process.argv[2] ?? '06 010203')
const {type, findings} = decodePacket(bytes, {from: 'client'})
if (findings.length === 0) console.log(`${type} breaks no rule`)

for (const {code} of findings) {
  const explanation = explain(code)
  // The same as data: explanation.facts
  console.log(explanation.text({width: 72}))
}
