/** The implementations that a relay can behave like where they differ. */
export const relayModels = ['c-toxcore', 'tox-rs'] as const
export type RelayModel = (typeof relayModels)[number]
