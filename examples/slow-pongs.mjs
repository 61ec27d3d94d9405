// Keeps every pong back for two seconds. Ends measure how far the other is by its pongs, and close after ten seconds without one.

/** @type {import('toxtcp').Script['onPacket']} */
export function onPacket(packet) {
  if (packet.type === 'pong_response') return {delay: 2000}
}
