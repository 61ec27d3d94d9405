import {constants, openSync} from 'node:fs'

/**
 * Open a file for reading. A named pipe is opened at once: without O_NONBLOCK, which Windows does not have, the call
 * would return only once there is a writer, and no signal could end it.
 * @throws the system's error
 */
export const openAtOnce = (path: string): number => openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
