/**
 * toxtcp as a library: open a capture, a stream or a live proxy and get typed records. The parts that need no Node.js
 * can also be imported alone, from `toxtcp/wire`, `toxtcp/protocol`, `toxtcp/capture` and `toxtcp/session`.
 *
 * @module toxtcp
 */

export * from './capture.js'
export {
  hexKeysFile,
  type KeyFile,
  type KeyFileKind,
  type KeyFileOptions,
  keyFileKinds,
  keyLogFile,
  keyPairFile,
  readKeyFile,
  readKeyText,
} from './crypto/key-files.js'
export type {SearchBudget} from './crypto/search-budget.js'
export type {KeyFileInput} from './files/keys/load-keys.js'
export type {CaptureInput} from './library/capture/capture-input.js'
export {type CaptureOptions, openCapture} from './library/capture/open-capture.js'
export {type CaptureCounts, statistics} from './library/capture/statistics.js'
export {type Explanation, explain} from './library/explain.js'
export type {KeyInputs} from './library/key-inputs.js'
export type {OneOrMore} from './library/one-or-more.js'
export {type FileInput, openStream, type StreamInput, type StreamOptions} from './library/open-stream.js'
export {type ProbeRelayOptions, probeRelay} from './library/probe-relay.js'
export {Serving, type ServingEvents} from './library/serving.js'
export {type StartProxyOptions, startProxy, ToxProxy} from './library/start-proxy.js'
export {type StartRelayOptions, startRelay, ToxRelay, type ToxRelayCounts} from './library/start-relay.js'
export type {RelaySettings} from './live/relay/embedded.js'
export {type RelayModel, relayModels} from './peer/relay/models.js'
export {type Provocation, provocations} from './peer/relay/provocations.js'
export type {Before} from './probe/cases/case.js'
export type {ClientBehaviour} from './probe/client/client-behaviour.js'
export type {NamedCase} from './probe/client/client-case.js'
export {ClientProbe} from './probe/client/client-probe.js'
export type {ClientSuiteEnd, ClientSuiteOptions, ClientSuiteResult} from './probe/client/run-client-suite.js'
export type {BrokenRule} from './probe/observation.js'
export {probeTarget} from './probe/probe-relay.js'
export {type ProbeManyOptions, probeRelays} from './probe/probe-relays.js'
export {parseRelays, type RelayList, relayAt, relayOf} from './probe/relay-list.js'
export type {Fault, HandshakeFault, PingTimes, RelayProbe} from './probe/relay-probe.js'
export {type StageName, type StageResult, stages} from './probe/stages.js'
export type {Behaviour, Disagreement} from './probe/suite/behaviour.js'
export {runSuite, type SuiteOptions, type SuiteResult, suiteAddresses, suiteSize} from './probe/suite/run-suite.js'
export type {CaseResult, Outcome, Service} from './probe/suite/suite-case.js'
export type {ProbeContext, ProbeOptions, RelayTarget} from './probe/target.js'
export * from './protocol.js'
export {type Address, addressText, parseAddress} from './proxy/explicit/address.js'
export type {Script, ScriptPacket, ScriptReplacement, ScriptResult, ScriptSession} from './proxy/intercept/script.js'
export * from './session.js'
export type {PageStyle} from './view/explain/page.js'
export type {Facts} from './view/explain/topics/topic.js'
export type {FieldOptions} from './view/forms/field-options.js'
export {type Printer, type PrintOptions, printer} from './view/printer.js'
export type {ColorLevel} from './view/theme.js'
export type {TimeForm} from './view/time.js'
export type {Verdict} from './view/verdict.js'
export * from './wire.js'
