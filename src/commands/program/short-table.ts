import Decode from '../decode.js'
import Encode from '../encode.js'
import Explain from '../explain.js'
import KeysConvert from '../keys/convert.js'
import KeysLog from '../keys/log.js'
import KeysMake from '../keys/make.js'
import KeysShow from '../keys/show.js'

/**
 * The commands that read no capture and no socket, by oclif's ids. They are also in a program of their own, which
 * starts faster.
 */
export const shortCommands = {
  decode: Decode,
  encode: Encode,
  explain: Explain,
  'keys:convert': KeysConvert,
  'keys:log': KeysLog,
  'keys:make': KeysMake,
  'keys:show': KeysShow,
}
