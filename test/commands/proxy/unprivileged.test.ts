import {expect, test} from 'vitest'
import {Program} from './proxy-program.js'

/** Starts the rest with a low priority, and without root's right to raise it. */
const line = `exec ${process.geteuid?.() === 0 ? 'setpriv --bounding-set=-sys_nice --inh-caps=-sys_nice ' : ''}nice -n 15`

test.runIf(process.platform === 'linux').each(['proxy', 'relay'] as const)(
  '%s runs with a priority that is too low already, which it may not raise',
  async command => {
    const args = command === 'proxy' ? ['--upstream', '127.0.0.1:1'] : []
    const program = Program.start(args, {line, command})
    try {
      await program.hear().listens()
      program.child.kill('SIGINT')
      expect(await program.exit).toEqual({status: 0, signal: null})
    } finally {
      program.child.kill('SIGKILL')
    }
  },
)
