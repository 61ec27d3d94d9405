/** A notification that the relay owes: a connect notification, or a disconnect notification. */
export interface Owed {
  readonly what: 'connect' | 'disconnect'
  /** Microseconds since the epoch, and the record that made it due. */
  readonly since: number
  readonly number: number
  /** Seconds after which it is missing. */
  readonly patience: number
}

/** A connection id of a client. */
export interface Route {
  readonly id: number
  /** Key of the peer, in hex. */
  readonly pk: string
  isOnline: boolean
  owed: Owed | undefined
}

/** The connection ids that a relay gave to a client. */
export class RouteTable {
  readonly #byId = new Map<number, Route>()

  /** @returns the route, new or as it was. */
  give(id: number, pk: string): Route {
    const known = this.#byId.get(id)
    if (known?.pk === pk) return known
    const route: Route = {id, pk, isOnline: false, owed: undefined}
    this.#byId.set(id, route)
    return route
  }

  at(id: number): Route | undefined {
    return this.#byId.get(id)
  }

  /** @param pk in hex. */
  to(pk: string): Route | undefined {
    for (const route of this.#byId.values()) if (route.pk === pk) return route
    return undefined
  }

  remove(id: number): void {
    this.#byId.delete(id)
  }

  all(): Iterable<Route> {
    return this.#byId.values()
  }
}
