import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {limits} from '../../src/protocol/limits.js'
import {
  addDistribution,
  addValue,
  type Distribution,
  emptyDistribution,
  percentile,
  spread,
} from '../../src/statistics/distribution.js'

function of(values: readonly number[]): Distribution {
  const distribution = emptyDistribution()
  for (const value of values) addValue(distribution, value)
  return distribution
}

/** By the definition of nearest rank. */
const exact = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.max(1, Math.ceil(values.length * share)) - 1]!

const shares = [0.01, 0.5, 0.95, 1]
const micros = fc.integer({min: 0, max: 3_600_000_000})

describe('percentiles', () => {
  it('are unknown of nothing', () => {
    expect(percentile(emptyDistribution(), 0.5)).toBeUndefined()
  })

  it('are exact of few values', () => {
    fc.assert(
      fc.property(fc.array(micros, {minLength: 1, maxLength: limits.statsPingSamples}), values => {
        for (const share of shares) expect(percentile(of(values), share)).toBe(exact(values, share))
      }),
    )
  })

  it('are within 1.1 % of many, and never outside of what was seen', () => {
    fc.assert(
      fc.property(fc.array(micros, {minLength: limits.statsPingSamples + 1, maxLength: 2000}), values => {
        const distribution = of(values)
        expect(distribution.values).toBeNull()
        for (const share of shares) {
          const right = exact(values, share)
          const found = percentile(distribution, share)!
          expect(Math.abs(found - right)).toBeLessThanOrEqual(right * 0.011 + 1)
          expect(found).toBeGreaterThanOrEqual(distribution.min)
          expect(found).toBeLessThanOrEqual(distribution.max)
        }
      }),
      {numRuns: 30},
    )
  })

  it('take no more room for more values', () => {
    const distribution = of(Array.from({length: 100_000}, (_, i) => i))
    expect(distribution.count).toBe(100_000)
    expect(distribution.buckets!.length).toBeLessThanOrEqual(2048)
  })
})

describe('distributions of several threads', () => {
  it('add up to that of all', () => {
    fc.assert(
      fc.property(fc.array(micros, {maxLength: 600}), fc.nat(600), (values, at) => {
        const [first, second] = [of(values.slice(0, at)), of(values.slice(at))]
        addDistribution(first, second)
        const all = of(values)
        expect([first.count, first.min, first.max]).toEqual([all.count, all.min, all.max])
        for (const share of shares) expect(percentile(first, share)).toBe(percentile(all, share))
      }),
      {numRuns: 50},
    )
  })
})

describe('a histogram', () => {
  it('has every value in it', () => {
    fc.assert(
      fc.property(fc.array(micros, {minLength: 1, maxLength: 600}), fc.integer({min: 1, max: 60}), (values, spans) => {
        const distribution = of(values)
        const counts = spread(distribution, distribution.min, distribution.max, spans)
        expect(counts).toHaveLength(spans)
        expect(counts.reduce((a, b) => a + b, 0)).toBe(values.length)
      }),
      {numRuns: 50},
    )
  })
})
