import Explain from '../../src/commands/explain.js'
import {starting} from '../start-short.mjs'

export const start = starting({explain: Explain})
