#!/usr/bin/env node
// The program from its source, without a build; only help comes from the manifest of the last one.
import {register} from 'tsx/esm/api'

register()
const {start} = await import('./start.ts')
await start(process.argv.slice(2), new URL('..', import.meta.url))
