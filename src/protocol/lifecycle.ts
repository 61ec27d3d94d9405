/** What a connection id is to one client. unknown: something was not seen that may have changed it. */
export type SlotState = 'free' | 'registered' | 'online' | 'unknown'

/** `>` from the client, `<` from the relay. */
export type SlotEvent = 'response<' | 'connect<' | 'disconnect<' | 'disconnect>' | 'data<' | 'data>'

/** The life of a connection id. An absent entry is a violation, and leaves the state as it is. */
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
