// Sends the relay a ping with the id 0, right behind the client's first packet. A c-toxcore relay answers it, and the client closes at such an answer;
// a tox-rs relay closes at the ping.

/** @type {import('toxtcp').Script['onPacket']} */
export function onPacket(packet, session) {
  if (packet.from !== 'client' || packet.index !== 0) return
  const ping = session.packet('ping_request', {ping_id: '0000000000000000'})
  return {send: [packet.bytes, ping]}
}
