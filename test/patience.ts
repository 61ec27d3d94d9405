import {availableParallelism, loadavg} from 'node:os'

/**
 * What every time limit of a test is multiplied by: 1 on an idle machine, more the busier it is when the tests begin.
 * TOXTCP_PATIENCE sets it.
 */
export const patience: number = Number(process.env['TOXTCP_PATIENCE']) || 1 + loadavg()[0]! / availableParallelism()
