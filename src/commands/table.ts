import Decode from './decode.js'
import Encode from './encode.js'
import Explain from './explain.js'
import KeysConvert from './keys/convert.js'
import KeysMake from './keys/make.js'
import KeysShow from './keys/show.js'
import ProxyCommand from './proxy.js'
import Read from './read.js'
import Stats from './stats.js'
import Stream from './stream.js'

/** The commands by oclif's ids, where a colon is between a topic and its command. */
export const commands = {
  decode: Decode,
  encode: Encode,
  explain: Explain,
  'keys:convert': KeysConvert,
  'keys:make': KeysMake,
  'keys:show': KeysShow,
  proxy: ProxyCommand,
  read: Read,
  stats: Stats,
  stream: Stream,
}
