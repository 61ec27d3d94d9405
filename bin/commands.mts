/** The commands by the words that call them. Each is loaded when it is called. */
export const commands = {
  decode: () => import('../src/commands/decode.js'),
  encode: () => import('../src/commands/encode.js'),
  explain: () => import('../src/commands/explain.js'),
  'keys convert': () => import('../src/commands/keys/convert.js'),
  'keys make': () => import('../src/commands/keys/make.js'),
  'keys show': () => import('../src/commands/keys/show.js'),
  proxy: () => import('../src/commands/proxy.js'),
  read: () => import('../src/commands/read.js'),
  stats: () => import('../src/commands/stats.js'),
  stream: () => import('../src/commands/stream.js'),
}
