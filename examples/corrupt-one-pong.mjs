// Flips one bit in the first pong of each client. It answers no ping of the relay's then: a c-toxcore relay closes ten seconds later, a tox-rs relay at once.

/** @type {import('toxtcp').Script['onPacket']} */
export function onPacket(packet, session) {
  if (packet.from !== 'client' || packet.type !== 'pong_response' || session.memory.has('done')) return
  session.memory.set('done', true)
  const bytes = packet.bytes.slice()
  bytes[bytes.length - 1] ^= 1
  return bytes
}
