#!/usr/bin/env node
'use strict'
const {readFileSync} = require('node:fs')
const {join} = require('node:path')

const root = join(__dirname, '..')
const text = readFileSync(join(root, 'package.json'), 'utf8')

// The program from its source, without a build; only the table of flags for help is that of the last build.
import('tsx/esm/api')
  .then(({register}) => {
    register()
    return import('./program.mts')
  })
  .then(({start}) =>
    start(process.argv.slice(2), root, JSON.parse(text.replaceAll('./dist/program/toxtcp.cjs', './bin/program.mts'))),
  )
