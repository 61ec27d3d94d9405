import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {availableParallelism, tmpdir} from 'node:os'
import {join} from 'node:path'
import {tableText} from '../../src/view/stats/table.js'
import {theme} from '../../src/view/theme.js'
import {type Figure, figuresFile} from './figures.js'

const columns = [
  {head: 'MEASURED', text: ({name}: Figure) => name},
  {head: 'VALUE', isRight: true, text: ({value, unit}: Figure) => `${value.toFixed(2)}${unit}`},
  {
    head: 'GOAL',
    isRight: true,
    text: ({goal, unit}: Figure) =>
      'atMost' in goal ? `at most ${goal.atMost}${unit}` : `at least ${goal.atLeast}${unit}`,
  },
  {
    head: '',
    text: ({goal, value}: Figure) =>
      ('atMost' in goal ? value <= goal.atMost : value >= goal.atLeast) ? 'met' : 'not met',
  },
]

/** Collects the figures of a run. @returns what prints them in one table at its end. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'toxtcp-figures-'))
  const file = join(folder, 'figures')
  writeFileSync(file, '')
  process.env[figuresFile] = file
  return () => {
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter(line => line !== '')
    // Written by note(), as Figures.
    const figures = lines.map(line => JSON.parse(line) as Figure)
    rmSync(folder, {recursive: true})
    if (figures.length === 0) return
    const style = {width: Number.POSITIVE_INFINITY, isAscii: true, theme: theme(0)}
    console.log(`\nFigures and goals, ${availableParallelism()} processors\n`)
    console.log(tableText(columns, figures, style, figures.length))
  }
}
