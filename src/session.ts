/**
 * Tox connections: chunks of bytes go in, records come out. Keys, findings, display filters, statistics of records, and
 * captures in memory. No module of Node.js: it runs in a browser.
 *
 * @module session
 */

export type {Box, KeyPair, PlainRoom, Room, SealedBytes} from './crypto/box.js'
export type {
  CryptoSessionItem,
  FriendKeyItem,
  KeyItem,
  PairKeyItem,
  RelayKeyItem,
  SecretKeyItem,
  SharedKeyItem,
  TcpSessionItem,
} from './crypto/key-item.js'
export {KeyLogReader, keyLogLine, type LoggedItem} from './crypto/keylog.js'
export {Keyring} from './crypto/keyring/keyring.js'
export type {SaveUse, UnusedSave} from './crypto/keyring/save-use.js'
export type {RingPair} from './crypto/keyring/secret-keys.js'
export type {SearchBudget} from './crypto/search-budget.js'
export {loadSodium} from './crypto/sodium.js'
export {
  effectsOf,
  type Finding,
  type FindingData,
  type FindingOf,
  type FindingPlace,
  messageOf,
  severityOf,
} from './expert/finding.js'
export {
  type Implementation,
  implementations,
  type Peers,
  type PeersName,
  peersNamed,
  peersNames,
} from './expert/peers.js'
export {
  type Effect,
  type Effects,
  effects,
  type Group,
  isAtLeast,
  type Receiver,
  type Rule,
  type RuleData,
  receivers,
  type Severity,
  severities,
} from './expert/rule.js'
export {type RuleCode, ruleTable} from './expert/rules.js'
export {compileFilter, type Predicate} from './filter/compile.js'
export {fieldTexts, filterNames} from './filter/names/names.js'
export type {Capture, CaptureTotals} from './library/capture/capture-records.js'
export {type ReadCaptureOptions, readCapture} from './library/capture/read-capture.js'
export {
  type DecodePacketOptions,
  decodeBytes,
  decodePacket,
  encodePacket,
  encodeRecord,
} from './library/decoding/decode-packet.js'
export {RecordTime} from './library/record-time.js'
export {type HandshakeSecrets, ToxRecord} from './library/tox-record.js'
export type {HandshakeStart, StreamStart} from './session/connection/deframer.js'
export type {Trust} from './session/connection/opening/sealing.js'
export type {SessionKey} from './session/connection/opening/session-keys.js'
export type {ConnectionSetup, PartStart} from './session/connection-setup.js'
export type {ConnectionSink} from './session/connection-sink.js'
export type {GroupChat} from './session/conversation/groups.js'
export {type Spoken, SpokenPackets} from './session/conversation/spoken.js'
export {type Transfer, Transfers} from './session/conversation/transfers.js'
export type {
  Answer,
  Arrival,
  Assembled,
  CookieContents,
  Delivery,
  FilePart,
  Inferred,
  OtherHalf,
  SessionAtEnd,
  SessionFacts,
} from './session/inferred.js'
export {
  type CryptoSessionLog,
  type Kill,
  type PeerLog,
  type SessionEnd,
  type SessionEndKind,
  type Sight,
  sessionEnds,
} from './session/inner/tracking/session-log.js'
export type {DialogueStep} from './session/prelude/step.js'
export type {Prelude} from './session/prelude.js'
export {
  type Cause,
  detached,
  type Ends,
  type KeptRecord,
  type RecordKind,
  type SessionRecord,
  type State,
} from './session/record.js'
export {recordKinds, recordStates} from './session/record-kinds.js'
export {Session, type SessionOptions} from './session/session.js'
export type {ConnectionLog} from './statistics/connection-log.js'
export {type Distribution, percentile} from './statistics/distribution.js'
export {type Ending, FindingSummary, type RuleCount, type SeverityCounts} from './statistics/finding-summary.js'
export type {InnerCounts, OnionRow, OpenedRow, SessionRow} from './statistics/inner-tally.js'
export type {Life, RouteLog, RouteLogs} from './statistics/route-log.js'
export {
  type ConnectionRow,
  type KindCount,
  type Pair,
  type PingRow,
  type Statistics,
  statisticsOf,
} from './statistics/statistics.js'
export {type Counts, Tally} from './statistics/tally.js'
export type {Timeline} from './statistics/timeline.js'
export type {NameOf} from './tree/field-text.js'
export type {Node} from './tree/node.js'
export {type RecordTreeOptions, recordTree} from './tree/record-tree.js'
export {recordToJson} from './view/forms/json.js'
export type {Kept} from './wire/memory/lifetime.js'
