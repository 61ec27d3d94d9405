import Complete from '../complete.js'
import Completion from '../completion.js'
import Config from '../config.js'
import Diff from '../diff.js'
import ProbeCommand from '../probe.js'
import ProxyCommand from '../proxy.js'
import Read from '../read.js'
import RelayCommand from '../relay.js'
import Stats from '../stats.js'
import Stream from '../stream.js'
import View from '../view.js'
import Why from '../why.js'
import {shortCommands} from './short-table.js'

/** The commands by oclif's ids, where a colon is between a topic and its command. */
export const commands = {
  ...shortCommands,
  complete: Complete,
  completion: Completion,
  config: Config,
  probe: ProbeCommand,
  diff: Diff,
  proxy: ProxyCommand,
  read: Read,
  relay: RelayCommand,
  stats: Stats,
  stream: Stream,
  view: View,
  why: Why,
}
