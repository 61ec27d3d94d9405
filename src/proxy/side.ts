/** One of the two sockets that the proxy stands between. */
export type Side = 'client' | 'relay'

export const otherSide = (side: Side): Side => (side === 'client' ? 'relay' : 'client')
