/**
 * Cut bytes at these offsets (in any order, beyond the end allowed). The pieces are copies, so that a view kept too
 * long shows.
 */
export const cut = (bytes: Uint8Array, at: readonly number[]): Uint8Array[] => {
  const edges = [0, ...at.filter(edge => edge < bytes.length).sort((a, b) => a - b), bytes.length]
  return edges.slice(1).map((end, i) => bytes.slice(edges[i], end))
}
