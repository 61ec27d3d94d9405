/**
 * The option of V8 that lets the part of the heap for new objects grow, where many of them survive a collection. With 1
 * it stays as large as it is. V8 forgets this for the whole process when a thread is made: each thread says it again
 * before it loads what it runs, as compiled code is only taken with the same options.
 * @param factor by itself 2.
 */
export const newSpaceGrowth = (factor: number): string => `--semi-space-growth-factor=${factor}`
