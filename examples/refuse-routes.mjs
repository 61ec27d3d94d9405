// Refuses every route in the relay's name: connection id 0 says that none is left. The relay never hears of the requests.

/** @type {import('toxtcp').Script['onPacket']} */
export function onPacket(packet, session) {
  if (packet.type !== 'route_request') return
  const refusal = session.packet('route_response', {connection_id: 0, pk: packet.fields.pk})
  return {send: [], reply: refusal}
}
