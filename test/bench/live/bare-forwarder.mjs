// The least that a TCP forwarder in Node.js can be: what the proxy is measured against. Argument: the port to forward
// to.
import {connect, createServer} from 'node:net'

const server = createServer({noDelay: true}, client => {
  const upstream = connect({port: Number(process.argv[2]), host: '127.0.0.1', noDelay: true})
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ]) {
    from.on('error', () => to.destroy())
    from.pipe(to)
  }
}).listen({port: 0, host: '127.0.0.1', backlog: 1024}, () =>
  console.error(`listening on 127.0.0.1:${server.address().port} `),
)
