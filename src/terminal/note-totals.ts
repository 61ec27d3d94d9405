import type {RunSummary} from '../view/run-summary.js'
import type {Io} from './io.js'

/**
 * Print the last line of a run: to a terminal the totals, elsewhere only what stayed sealed.
 * @param printed number of printed records.
 * @param sealed sentence about what stayed sealed; undefined if nothing did.
 */
export function noteTotals(
  totals: RunSummary,
  printed: number,
  sealed: string | undefined,
  io: Pick<Io, 'note' | 'isErrorTerminal'>,
): void {
  if (io.isErrorTerminal) io.note(totals.text(printed, sealed))
  else if (sealed !== undefined) io.note(sealed)
}
