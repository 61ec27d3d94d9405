import {describe, expect, it} from 'vitest'
import {limits} from '../../src/protocol/limits.js'
import {emptyRouteLogs, type RouteLogs, RouteTable} from '../../src/statistics/route-log.js'

const alice = 'aa'.repeat(32)
const bob = 'bb'.repeat(32)
const second = 1_000_000

function table(): {all: RouteLogs; routes: RouteTable} {
  const all = emptyRouteLogs()
  return {all, routes: new RouteTable(3, all, 1000)}
}

describe('routes', () => {
  it('go from being asked for to being given up, with every time online', () => {
    const {all, routes} = table()
    routes.request(alice, 1 * second)
    routes.response(16, alice, 2 * second)
    routes.online(16, 3 * second, alice)
    routes.data(16, 0, 100, alice)
    routes.data(16, 1, 70, alice)
    routes.offline(16, 5 * second, false, alice)
    routes.online(16, 8 * second, alice)
    routes.offline(16, 9 * second, true, alice)
    expect(all.logs).toHaveLength(1)
    expect(all.logs[0]).toMatchObject({
      ...{connection: 3, id: 16, peer: alice, asked: 1 * second, answered: 2 * second, asks: 1, isRefused: false},
      ...{
        isOnline: false,
        lifeCount: 2,
        onlineMicros: 3 * second,
        isGivenUp: true,
        over: 9 * second,
        packets: [1, 1],
        bytes: [100, 70],
      },
      lives: [
        {start: 3 * second, end: 5 * second},
        {start: 8 * second, end: 9 * second},
      ],
    })
  })

  it('have the data that the relay sent before it read that they are given up', () => {
    const {all, routes} = table()
    routes.request(alice, 1)
    routes.response(16, alice, 2)
    routes.online(16, 3, alice)
    routes.offline(16, 4, true, alice)
    routes.data(16, 1, 70, alice)
    routes.offline(16, 5, false, alice)
    routes.data(16, 1, 30, bob)
    expect(all.logs).toMatchObject([
      {id: 16, peer: alice, isGivenUp: true, over: 4, packets: [0, 1], bytes: [0, 70]},
      {id: 16, peer: bob, bytes: [0, 30]},
    ])
  })

  it('that are refused have no id', () => {
    const {all, routes} = table()
    routes.request(alice, 1)
    routes.response(0, alice, 2)
    expect(all.logs).toMatchObject([{id: null, peer: alice, isRefused: true, answered: 2}])
  })

  it('that are asked for again keep their id', () => {
    const {all, routes} = table()
    for (const time of [1, 3]) {
      routes.request(alice, time)
      routes.response(16, alice, time + 1)
    }
    expect(all.logs).toMatchObject([{id: 16, asked: 1, asks: 2}])
  })

  it('with an id that another had are others', () => {
    const {all, routes} = table()
    routes.request(alice, 1)
    routes.response(16, alice, 2)
    routes.offline(16, 3, true, alice)
    routes.request(bob, 4)
    routes.response(16, bob, 5)
    routes.online(16, 6, bob)
    expect(all.logs.map(({peer, id, isGivenUp, isOnline}) => ({peer, id, isGivenUp, isOnline}))).toEqual([
      {peer: alice, id: 16, isGivenUp: true, isOnline: false},
      {peer: bob, id: 16, isGivenUp: false, isOnline: true},
    ])
  })

  it('that were there before are known from their data', () => {
    const {all, routes} = table()
    routes.data(20, 1, 50, undefined)
    routes.online(21, 5, bob)
    expect(all.logs).toMatchObject([
      {id: 20, peer: null, asked: null, bytes: [0, 50]},
      {id: 21, peer: bob, asked: null, lifeCount: 1},
    ])
  })

  it('are online to the end of their connection, or past that of the capture', () => {
    for (const isCapture of [false, true]) {
      const {all, routes} = table()
      routes.online(16, 2, alice)
      routes.end(10, isCapture)
      expect(all.logs).toMatchObject([
        {isOnline: isCapture, onlineMicros: 8, lives: [{start: 2, end: isCapture ? null : 10}]},
      ])
    }
  })

  it('take bounded room, and say what they left out', () => {
    const all = emptyRouteLogs()
    for (let connection = 0; connection < 100; connection++) {
      const routes = new RouteTable(connection, all, 100)
      for (let id = 16; id < 256; id++) for (const side of [0, 1] as const) routes.data(id, side, 1, undefined)
    }
    expect(all.logs).toHaveLength(100 * 100)
    expect(all.dropped).toBe(100 * 140)
    const {all: one, routes} = table()
    for (let time = 0; time < 100; time += 2) {
      routes.online(16, time, alice)
      routes.offline(16, time + 1, false, alice)
    }
    expect(one.logs[0]).toMatchObject({lifeCount: 50, onlineMicros: 50})
    expect(one.logs[0]!.lives).toHaveLength(limits.statsRouteLives)
    expect(one.logs[0]!.lives.at(-1)).toEqual({start: 30, end: 31})
  })
})
