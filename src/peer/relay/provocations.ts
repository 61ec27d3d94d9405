/** Wrong behaviours of a relay that provoke its clients, by the name of their flag, each with what it does. */
export const provocations = {
  'refuse-routes': 'refuse every route request',
  'own-key-routes': 'give an id to a client that asks for its own key',
  'no-notifications': 'never notify clients of their peers',
  'changed-data': 'change the last bit of what is passed on',
  'silent-pings': 'never answer a ping',
  'wrong-pongs': 'answer pings with another id',
  'zero-pings': 'send pings with the id 0',
  'swap-nonces': "seal with the base nonce that the client announced, in place of the relay's own",
  'empty-frames': 'send an empty frame before each packet',
  'early-frame': 'send a frame in one piece with the handshake',
} as const

export type Provocation = keyof typeof provocations

export const provocationNames = Object.keys(provocations) as Provocation[]
