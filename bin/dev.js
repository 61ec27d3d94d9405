#!/usr/bin/env node
'use strict'
const {join} = require('node:path')

// The program from its source, without a build; only help comes from the manifest of the last one.
import('tsx/esm/api')
  .then(({register}) => {
    register()
    return import('./start.mts')
  })
  .then(({start}) => start(process.argv.slice(2), join(__dirname, '..')))
