/** Who speaks on a connection. */
export type Sender = 'client' | 'relay'

/** A direction of a connection by who sends: 0, the client; 1, the relay. */
export type Side = 0 | 1

/** The senders by side. */
export const senders: readonly [Sender, Sender] = ['client', 'relay']

export const otherSide = (side: Side): Side => (side === 0 ? 1 : 0)

export const otherSender = (sender: Sender): Sender => (sender === 'client' ? 'relay' : 'client')
