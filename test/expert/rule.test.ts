import {expect, it} from 'vitest'
import {isAtLeast, severities} from '../../src/expert/rule.js'

it('a severity is at least itself and every milder one; where nothing was found it is at least none', () => {
  for (const [place, severity] of severities.entries()) {
    expect(severities.filter(least => isAtLeast(severity, least))).toEqual(severities.slice(0, place + 1))
    expect(isAtLeast(undefined, severity)).toBe(false)
  }
})
