import Decode from '../../src/commands/decode.js'
import {starting} from '../start-short.mjs'

export const start = starting({decode: Decode})
