#!/usr/bin/env node
'use strict'
const {join} = require('node:path')
const {load} = require('../dist/program/load.cjs')

const argv = process.argv.slice(2)
load(join(__dirname, '../dist/program'), argv, require).start(argv, join(__dirname, '..'))
