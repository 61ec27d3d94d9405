/**
 * Forms of key files: `raw` is the 64 bytes of tox-bootstrapd and tox-node, `hex` text with one secret key per line,
 * `keylog` a key log.
 */
export const keyForms = ['raw', 'hex', 'keylog'] as const
export type KeyForm = (typeof keyForms)[number]
