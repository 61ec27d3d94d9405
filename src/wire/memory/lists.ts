/** Adds an item to the list of a key, which begins with the first item. */
export function addToList<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const items = lists.get(key)
  if (items) items.push(item)
  else lists.set(key, [item])
}
