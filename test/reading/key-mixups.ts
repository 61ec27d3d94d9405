import {readFileSync} from 'node:fs'
import {captures, type JsonRecord, runRead} from './capture-files.js'
import {seeded} from './damaged/edited-captures.js'

/** Captures of clients and relays that break no rule. */
export const cleanCaptures = ['small', 'small_v6', 'relay_only', 'bootstrapd_relay', 'two_clients'] as const
export type CleanCapture = (typeof cleanCaptures)[number]

/** Keys for one capture as a user may have them. */
export interface KeyMixup {
  /** Lines of a key log: right, wrong and foreign ones, in any order. */
  readonly all: readonly string[]
  /** Those of them that are right. */
  readonly right: readonly string[]
}

interface SessionKeys {
  readonly relay_pk: string
  readonly relay_sk: string
  readonly client_pk: string
  readonly client_sk: string
  readonly client_session_pk: string
  readonly client_session_sk: string
  readonly server_session_pk: string
  readonly server_session_sk: string
}

const folder = (name: string): string => `fixtures/captures/${name}`

const linesOf = (name: string): string[] =>
  readFileSync(`${folder(name)}/sessions.keylog`, 'utf8')
    .split('\n')
    .filter(line => line.startsWith('TOX_'))

const sessionsOf = (name: string): readonly SessionKeys[] =>
  (JSON.parse(readFileSync(`${folder(name)}/keys.json`, 'utf8')) as {sessions: SessionKeys[]}).sessions

type Random = () => number

const hexOf = (random: Random, bytes: number): string =>
  Array.from({length: bytes}, () =>
    Math.floor(random() * 256)
      .toString(16)
      .padStart(2, '0'),
  ).join('')

/** What a session line becomes; its words are the label, two handshake nonces, the key, and two base nonces. */
const changes: readonly ((words: readonly string[], random: Random) => readonly string[])[] = [
  words => words.with(4, words[5]!).with(5, words[4]!),
  words => words.with(1, words[2]!).with(2, words[1]!),
  words => words.with(4, words[5]!),
  words => words.with(4, '-').with(5, '-'),
  words => words.with(5, '-'),
  words => words.with(1, '-'),
  words => words.with(1, '-').with(2, '-'),
  (words, random) => words.with(3, hexOf(random, 32)),
  (words, random) => words.with(4, hexOf(random, 24)),
  (words, random) => words.with(1, hexOf(random, 24)).with(2, hexOf(random, 24)),
]

/** Keys of a capture that are mixed up, by a seed. */
function mixupOf(name: CleanCapture, seed: number): KeyMixup {
  const random = seeded(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const isChosen = () => random() < 0.5
  const secrets = sessionsOf(name).flatMap(each => [
    `TOX_SECRET_KEY ${each.relay_pk} ${each.relay_sk}`,
    `TOX_SECRET_KEY ${each.client_pk} ${each.client_sk}`,
    `TOX_SECRET_KEY ${each.client_session_pk} ${each.client_session_sk}`,
    `TOX_SECRET_KEY ${each.server_session_pk} ${each.server_session_sk}`,
  ])
  const lines = linesOf(name).filter(line => line.startsWith('TOX_TCP_SESSION'))
  const right = [...lines, ...new Set(secrets)].filter(isChosen)
  const changed = lines.filter(isChosen).map(line => pick(changes)(line.split(' '), random).join(' '))
  const foreign = linesOf(pick(cleanCaptures.filter(other => other !== name))).filter(isChosen)
  const wrong = isChosen() ? [`TOX_SECRET_KEY ${hexOf(random, 32)} ${hexOf(random, 32)}`] : []
  const exchanged = isChosen() ? [`TOX_SECRET_KEY ${pick(secrets).split(' ').slice(1).reverse().join(' ')}`] : []
  const all = [...right, ...changed, ...foreign, ...wrong, ...exchanged]
  return {
    right,
    all: all
      .map(line => ({line, place: random()}))
      .sort((a, b) => a.place - b.place)
      .map(({line}) => line),
  }
}

/** Records of a capture, with the lines of a key log. */
export async function recordsWith(name: CleanCapture, lines: readonly string[]): Promise<readonly JsonRecord[]> {
  const {file} = captures.find(each => each.name === name)!
  const keylog = [new TextEncoder().encode(lines.join('\n'))]
  const {records} = await runRead([file], [], {keys: {key: [], keylog, secretKey: [], relayPk: [], env: {}}})
  return records
}

/** What of a record does not depend on keys. */
export const placeOf = ({number, time, connection, kind, from, packets}: JsonRecord): string =>
  [number, time, connection, kind, from, packets.join(',')].join(' ')

/** Frames that opened, with what is in them. */
const openedIn = (records: readonly JsonRecord[]): ReadonlySet<string> =>
  new Set(
    records
      .filter(({kind, state}) => kind === 'frame' && state === 'open')
      .map(({number, index, plaintext}) => `${number} ${index} ${plaintext}`),
  )

/** Codes of findings that accuse somebody of a mistake. */
export const errorsIn = (records: readonly JsonRecord[]): readonly string[] =>
  records.flatMap(({number, findings}) =>
    findings.filter(({severity}) => severity === 'error').map(({code}) => `#${number} ${code}`),
  )

/** What is wrong about what is read with keys that are mixed up; empty: nothing. */
export async function mixupProblems(name: CleanCapture, seed: number, places: readonly string[]): Promise<string[]> {
  const {all, right} = mixupOf(name, seed)
  const [mixed, alone] = [await recordsWith(name, all), openedIn(await recordsWith(name, right))]
  const opened = openedIn(mixed)
  const lost = [...alone].filter(frame => !opened.has(frame))
  return [
    ...errorsIn(mixed).map(error => `${error} is found`),
    ...(lost.length > 0 ? [`${lost.length} frames of ${alone.size} stay sealed, first ${lost[0]!.slice(0, 40)}`] : []),
    ...mixed.map(placeOf).filter((place, i) => place !== places[i]),
  ].slice(0, 5)
}
