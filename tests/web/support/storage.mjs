// SPDX-License-Identifier: Apache-2.0

/**
 * Damages values of a page's storage.
 *
 * @param part   of the keys whose values are damaged
 * @param how    'flip': one bit · 'cut': half of it is gone
 * @param count  how many records, each with both of its slots; absent: all
 * @returns the records' names
 */
export function changeStorage(page, part, how, count = Infinity, database = 'liangma') {
  return page.evaluate(async ({ part, how, count, database }) => {
    const opened = await new Promise((resolve, reject) => {
      const opening = indexedDB.open(database);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const transaction = opened.transaction('values', 'readwrite');
    const store = transaction.objectStore('values');
    const get = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const keys = (await get(store.getAllKeys())).filter((key) => key.includes(part));
    const names = [...new Set(keys.map((key) => key.replace(/\.[ab]$/, '')))].slice(0, count);
    for (const key of keys.filter((one) => names.includes(one.replace(/\.[ab]$/, '')))) {
      const bytes = (await get(store.get(key))).slice();
      if (how === 'flip') bytes[bytes.length >> 1] ^= 1;
      store.put(how === 'cut' ? bytes.slice(0, bytes.length >> 1) : bytes, key);
    }
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    opened.close();
    return names;
  }, { part, how, count: Math.min(count, 1000), database });
}
