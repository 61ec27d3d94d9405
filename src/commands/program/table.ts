import Complete from '../complete.js'
import Completion from '../completion.js'
import Config from '../config.js'
import Decode from '../decode.js'
import Diff from '../diff.js'
import Encode from '../encode.js'
import Explain from '../explain.js'
import KeysConvert from '../keys/convert.js'
import KeysLog from '../keys/log.js'
import KeysMake from '../keys/make.js'
import KeysShow from '../keys/show.js'
import ProbeCommand from '../probe.js'
import ProxyCommand from '../proxy.js'
import Read from '../read.js'
import RelayCommand from '../relay.js'
import Stats from '../stats.js'
import Stream from '../stream.js'
import View from '../view.js'
import Why from '../why.js'

/** The commands by oclif's ids, where a colon is between a topic and its command. */
export const commands = {
  complete: Complete,
  completion: Completion,
  config: Config,
  decode: Decode,
  diff: Diff,
  encode: Encode,
  explain: Explain,
  'keys:convert': KeysConvert,
  'keys:log': KeysLog,
  'keys:make': KeysMake,
  'keys:show': KeysShow,
  probe: ProbeCommand,
  proxy: ProxyCommand,
  read: Read,
  relay: RelayCommand,
  stats: Stats,
  stream: Stream,
  view: View,
  why: Why,
}
