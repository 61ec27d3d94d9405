import Encode from '../../src/commands/encode.js'
import {starting} from '../start-short.mjs'

export const start = starting({encode: Encode})
