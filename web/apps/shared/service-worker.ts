// SPDX-License-Identifier: Apache-2.0
/// <reference lib="webworker" />
export {};

/** What the build wrote in front of this file. */
interface Precache {
  readonly version: string;
  readonly files: readonly string[];
  readonly lazy: readonly string[];
}
declare const self: ServiceWorkerGlobalScope & { readonly precache: Precache };

const prefix = `liangma ${self.registration.scope} `;
const cacheName = prefix + self.precache.version;
const urlOf = (file: string): string => new URL(file, self.registration.scope).href;
/** Region packs are named by their hash. */
const isPack = (url: string): boolean => url.startsWith(self.location.origin) && /\/packs\/\d{6}-\d+-[\w-]{43}\.json$/.test(url);
const kept = new Set([...self.precache.files, ...self.precache.lazy].map(urlOf));

async function fill(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll(self.precache.files.map((file) => new Request(urlOf(file), { cache: 'reload' })));
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(prefix) && name !== cacheName).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/**
 * Takes the page's headers anew: its policy names the hospitals that may be asked, and those change without a new
 * build. Another build's page is left to that build's worker.
 */
async function refreshHeaders(url: string): Promise<void> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(url);
  const fresh = await fetch(url, { cache: 'reload' });
  const tag = fresh.headers.get('ETag');
  if (fresh.ok && tag !== null && tag === kept?.headers.get('ETag')) await cache.put(url, fresh);
}

/** Whether a reply is what its address says: a network that wants a login first answers everything with its page. */
async function isGenuine(response: Response, url: string): Promise<boolean> {
  if (!response.ok) return false;
  if (!isPack(url)) return !response.headers.get('Content-Type')?.startsWith('text/html');
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.clone().arrayBuffer()));
  const text = btoa(String.fromCharCode(...hash)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=$/, '');
  return url.endsWith(`-${text}.json`);
}

async function answer(request: Request, url: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  const found = await cache.match(url);
  if (found) return found;
  const response = await fetch(request);
  if (await isGenuine(response, url)) await cache.put(url, response.clone());
  return response;
}

self.addEventListener('install', (event) => event.waitUntil(fill()));
self.addEventListener('activate', (event) => event.waitUntil(dropOthers()));
self.addEventListener('message', (event) => {
  if (event.data === 'skip-waiting') void self.skipWaiting();
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const url = request.mode === 'navigate' ? urlOf('./') : request.url.split(/[?#]/)[0]!;
  if (!kept.has(url) && !isPack(url)) return;
  event.respondWith(answer(request, url));
  if (request.mode === 'navigate') event.waitUntil(refreshHeaders(url).catch(() => undefined)); // offline: as it was
});
