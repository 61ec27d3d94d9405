import {preludeOf} from '../../session/prelude.js'
import {otherProtocol} from '../../session/recognition/other-protocols.js'
import {type Hints, ToxDetector, type Verdict} from '../../session/recognition/tox-detector.js'
import {concatBytes} from '../../wire/bytes.js'
import type {Chunk, End} from '../../wire/chunk.js'

const other: Verdict = {kind: 'other', isCertain: true}

/**
 * Decides whether a connection through the proxy is Tox. Nothing is Tox before the destination was reached, nor if
 * neither side sent anything but the request to the proxy and its answer.
 */
export class ProxiedDetector {
  readonly #detector: ToxDetector
  #isReached = false

  /** @param hints what is known besides the bytes: asked for again with each chunk. */
  constructor(hints: () => Pick<Hints, 'isTox'>) {
    this.#detector = new ToxDetector(() => ({...hints(), hasSyn: true, relayEnd: 1}))
  }

  /** The destination was reached. */
  reached(): void {
    this.#isReached = true
  }

  /** All chunks that were pushed. */
  get chunks(): readonly Chunk[] {
    return this.#detector.chunks
  }

  /** Name of another protocol that either side speaks after the request to the proxy, if it is recognised. */
  get protocol(): string | undefined {
    const bytesOf = (side: End) =>
      concatBytes(this.chunks.flatMap(({end, bytes}) => (end === side && bytes ? [bytes] : [])))
    const [client, relay] = [bytesOf(0), bytesOf(1)]
    const prelude = preludeOf(client, relay)
    if (prelude === 'more') return undefined
    const [asked, answered] = prelude?.bytes ?? [0, 0]
    return otherProtocol(client.subarray(asked)) ?? otherProtocol(relay.subarray(answered))
  }

  /** @returns undefined while more chunks are needed. */
  push(chunk: Chunk): Verdict | undefined {
    const verdict = this.#detector.push(chunk)
    return verdict && this.#isReached ? this.#checked(verdict) : undefined
  }

  /** No more chunks come. */
  end(): Verdict {
    return this.#isReached ? this.#checked(this.#detector.end()) : other
  }

  #checked(verdict: Verdict): Verdict {
    if (verdict.kind === 'other' || !verdict.prelude) return verdict
    const sent = [0, 0]
    for (const {end, bytes, gap} of this.chunks) sent[end]! += bytes?.length ?? gap ?? 0
    return verdict.prelude.bytes.some((request, end) => sent[end]! > request) ? verdict : other
  }
}
