/** Whether this is the built program: threads can be started only from that. From its sources all is one thread. */
export const isBuilt = import.meta.url.endsWith('.js')
