import type {Socket} from 'node:net'
import {afterEach, beforeEach} from 'vitest'
import type {ProxyOptions} from '../../src/proxy/proxy.js'
import {Far, Scene} from './scene.js'

/** A far end for each test of the file, and a proxy once it is started; everything is closed after the test. */
export class RelayScene {
  far!: Far
  scene!: Scene
  /** Sockets to close after the test. */
  readonly open = new Set<Socket>()

  /** Begin and end with each test of the file. */
  static forEachTest(): RelayScene {
    const each = new RelayScene()
    beforeEach(async () => {
      each.far = await Far.start()
    })
    afterEach(async () => {
      for (const socket of each.open) socket.destroy()
      each.open.clear()
      await each.scene.proxy.stop()
      each.far.server.close()
    })
    return each
  }

  async start(options: Partial<ProxyOptions> = {}): Promise<void> {
    this.scene = await Scene.start(options)
  }

  /** A client's socket. */
  async client(): Promise<Socket> {
    const socket = await this.scene.client()
    this.open.add(socket)
    return socket
  }
}
