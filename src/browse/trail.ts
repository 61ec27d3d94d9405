/** Most places that are kept. */
const longest = 1000

/** Places that jumps began at, to go back to and forward again; and places with names. */
export class Trail {
  readonly marks = new Map<string, number>()
  #back: number[] = []
  #forward: number[] = []

  /** A jump leaves this place. */
  leave(place: number | undefined): void {
    if (place === undefined) return
    this.#back.push(place)
    if (this.#back.length > longest) this.#back.shift()
    this.#forward = []
  }

  /** @returns where the last jump began; undefined: no jump was made. */
  back(from: number | undefined): number | undefined {
    return step(this.#back, this.#forward, from)
  }

  forward(from: number | undefined): number | undefined {
    return step(this.#forward, this.#back, from)
  }
}

function step(taken: number[], given: number[], from: number | undefined): number | undefined {
  const place = taken.pop()
  if (place !== undefined && from !== undefined) given.push(from)
  return place
}
