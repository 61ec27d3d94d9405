/**
 * Whether tests that take many inputs take all of them. `npm test` takes a part, so that it ends within minutes; where
 * CI is set, as in `.ci/run`, it takes all, and so it does for TOXTCP_AMOUNT=all.
 */
const takesAll = Boolean(process.env['CI']) || process.env['TOXTCP_AMOUNT'] === 'all'

/** Number of inputs. @param few of them: enough for a fault that shows in most. */
export const amount = (all: number, few: number): number => (takesAll ? all : few)

/** A list of inputs. @param few of them, the first. */
export const amountOf = <T>(all: readonly T[], few: number): readonly T[] => (takesAll ? all : all.slice(0, few))
