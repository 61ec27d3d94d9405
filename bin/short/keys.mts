import KeysConvert from '../../src/commands/keys/convert.js'
import KeysLog from '../../src/commands/keys/log.js'
import KeysMake from '../../src/commands/keys/make.js'
import KeysShow from '../../src/commands/keys/show.js'
import {starting} from '../start-short.mjs'

export const start = starting({
  'keys:convert': KeysConvert,
  'keys:log': KeysLog,
  'keys:make': KeysMake,
  'keys:show': KeysShow,
})
