/** State of a connection id of one client. unknown: packets that may have changed it were not seen. */
export type SlotState = 'free' | 'registered' | 'online' | 'unknown'

/** A packet about a connection id: `>` from the client, `<` from the relay. */
export type SlotEvent = 'response<' | 'connect<' | 'disconnect<' | 'disconnect>' | 'data<' | 'data>'

/** State of a connection id after each packet. A missing entry breaks a rule and leaves the state unchanged. */
export const lifecycle: Readonly<Record<SlotState, Readonly<Partial<Record<SlotEvent, SlotState>>>>> = {
  free: {'response<': 'registered'},
  registered: {'connect<': 'online', 'disconnect>': 'free', 'data<': 'registered'},
  online: {'data>': 'online', 'data<': 'online', 'disconnect<': 'registered', 'disconnect>': 'free'},
  unknown: {
    'response<': 'unknown',
    'connect<': 'online',
    'disconnect<': 'registered',
    'disconnect>': 'free',
    'data<': 'unknown',
    'data>': 'unknown',
  },
}
