import type {ConnectionPacket} from '../interception.js'
import {type PacketForm, packetForms} from '../packet-text.js'
import type {BrowserState} from '../state.js'

/** Let a packet be edited as text. @param send called with its bytes once they are typed. */
export function askPacket(
  browser: BrowserState,
  packet: ConnectionPacket,
  form: PacketForm,
  send: (plain: Uint8Array) => void,
): void {
  const {text, read} = packetForms[form]
  browser.ask({
    label: `${form} to send: `,
    text: text(packet),
    check: line => void read(line),
    enter: line => send(read(line)),
  })
}
