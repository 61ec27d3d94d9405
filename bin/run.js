#!/usr/bin/env node
'use strict'
const {existsSync} = require('node:fs')
const {join} = require('node:path')

// Newer Node.js keeps what it has compiled.
require('node:module').enableCompileCache?.()

// Each command is one file with all that it takes: to find and link many costs more time than a short run. One more
// does what is no command's.
const program = join(__dirname, '..', 'dist', 'program')
const [word = ''] = process.argv.slice(2)
const file = join(program, `${word}.cjs`)
require(/^[a-z]+$/.test(word) && existsSync(file) ? file : join(program, 'other.cjs')).start(
  process.argv.slice(2),
  join(__dirname, '..'),
)
