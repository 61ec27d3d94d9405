import type {SessionRecord} from '../../session/record.js'
import type {Sender} from '../../wire/side.js'
import {pairedByLikeness} from '../limits.js'
import {aligned} from './align.js'
import {type Part, Renaming, type Said, saidBy} from './said.js'

/** A fact that differs; null: it is not there. */
export interface Difference {
  readonly name: string
  readonly a: string | null
  readonly b: string | null
}

/** A record and its counterpart; what only one capture has lacks the other. */
export interface Step {
  readonly a: Said | undefined
  readonly b: Said | undefined
  readonly differences: readonly Difference[]
}

/** One side of a pair of connections, from its first record to its last. */
export interface SideComparison {
  readonly side: Sender
  readonly steps: readonly Step[]
}

export interface ConnectionComparison {
  readonly a: number
  readonly b: number
  readonly sides: readonly SideComparison[]
}

export interface Comparison {
  readonly pairs: readonly ConnectionComparison[]
  /** Connections without a counterpart. */
  readonly onlyA: readonly number[]
  readonly onlyB: readonly number[]
}

/** What is said on each connection of a capture. */
export class Conversations {
  readonly byConnection = new Map<number, Said[]>()
  #count = 0

  /** @returns the number of records until now. */
  add(record: SessionRecord): number {
    const said = saidBy(record)
    if (record.connection === null) return this.#count
    const list = this.byConnection.get(record.connection) ?? []
    this.byConnection.set(record.connection, list)
    if (said) list.push(said)
    return ++this.#count
  }
}

/** Compare captures by what is said in them: each side of each connection with its counterpart. */
export function compared(a: Conversations, b: Conversations): Comparison {
  const renaming = new Renaming()
  const pairs = pairedConnections(a.byConnection, b.byConnection)
  const [ofA, ofB] = [new Set(pairs.map(([one]) => one)), new Set(pairs.map(([, other]) => other))]
  return {
    pairs: pairs.map(([one, other]) => ({
      a: one,
      b: other,
      sides: (['client', 'relay'] as const).map(side => {
        const of = (list: readonly Said[] = []) => list.filter(({from}) => from === side)
        return {side, steps: stepsOf(of(a.byConnection.get(one)), of(b.byConnection.get(other)), renaming)}
      }),
    })),
    onlyA: [...a.byConnection.keys()].filter(each => !ofA.has(each)),
    onlyB: [...b.byConnection.keys()].filter(each => !ofB.has(each)),
  }
}

function stepsOf(a: readonly Said[], b: readonly Said[], renaming: Renaming): Step[] {
  const kinds = (list: readonly Said[]): string[] => list.map(({kind}) => kind)
  return aligned(kinds(a), kinds(b)).map(([one, other]) => {
    const [ofA, ofB] = [one === undefined ? undefined : a[one], other === undefined ? undefined : b[other]]
    return {a: ofA, b: ofB, differences: ofA && ofB ? differencesOf(ofA.parts, ofB.parts, renaming) : []}
  })
}

function differencesOf(a: readonly Part[], b: readonly Part[], renaming: Renaming): Difference[] {
  const ofB = new Map(b.map(part => [part.name, part]))
  const names = new Set(a.map(({name}) => name))
  const changed = a.flatMap((part): Difference[] => {
    const other = ofB.get(part.name)
    const isSame = other && (part.isName ? renaming.isSame(part.value, other.value) : part.value === other.value)
    return isSame ? [] : [{name: part.name, a: part.value, b: other?.value ?? null}]
  })
  return [...changed, ...b.filter(({name}) => !names.has(name)).map(({name, value}) => ({name, a: null, b: value}))]
}

type Connections = ReadonlyMap<number, readonly Said[]>

/** Connections that say the most alike, the earlier ones first where several do. */
function pairedConnections(a: Connections, b: Connections): [number, number][] {
  const [ofA, ofB] = [[...a.keys()], [...b.keys()]]
  if (Math.max(ofA.length, ofB.length) > pairedByLikeness)
    return ofA.slice(0, ofB.length).map((one, at) => [one, ofB[at]!])
  const counts = new Map([...b].map(([other, said]) => [other, kindCounts(said)]))
  const scored = ofA.flatMap((one, atA) => {
    const own = kindCounts(a.get(one)!)
    return ofB.map((other, atB) => ({
      one,
      other,
      distance: Math.abs(atA - atB),
      likeness: likeness(own, counts.get(other)!),
    }))
  })
  scored.sort((x, y) => y.likeness - x.likeness || x.distance - y.distance)
  const [takenA, takenB] = [new Set<number>(), new Set<number>()]
  const pairs: [number, number][] = []
  for (const {one, other} of scored) {
    if (takenA.has(one) || takenB.has(other)) continue
    takenA.add(one)
    takenB.add(other)
    pairs.push([one, other])
  }
  return pairs.sort(([x], [y]) => x - y)
}

function kindCounts(said: readonly Said[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const {from, kind} of said) counts.set(`${from} ${kind}`, (counts.get(`${from} ${kind}`) ?? 0) + 1)
  return counts
}

/** Share of the records of both that have a counterpart of their kind, from 0 to 1. */
function likeness(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((x, y) => x + y, 0)
  const common = [...a].reduce((total, [kind, count]) => total + Math.min(count, b.get(kind) ?? 0), 0)
  const all = sum(a) + sum(b)
  return all === 0 ? 1 : (2 * common) / all
}
