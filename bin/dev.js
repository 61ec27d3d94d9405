#!/usr/bin/env node
'use strict'
const {join} = require('node:path')

// The program from its source, without a build; only the table of flags for help is that of the last build.
import('tsx/esm/api')
  .then(({register}) => {
    register()
    return import('./program.mts')
  })
  .then(({start}) => start(process.argv.slice(2), join(__dirname, '..'), './bin/program.mts'))
