/**
 * Lets the part of the heap for new objects stay as large as it is. V8 forgets this for the whole process when a thread
 * is made: each thread says it again before it loads what it runs, as compiled code is only taken with the same flags.
 */
export const keptNewSpace = '--semi-space-growth-factor=1'
