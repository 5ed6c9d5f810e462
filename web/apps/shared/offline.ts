// SPDX-License-Identifier: Apache-2.0

/** Installs sw.js, and moves to a newer one only while nothing has been done on the page yet. */
export async function registerServiceWorker(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  try {
    const registration = await navigator.serviceWorker.register('./sw.js');
    if (!registration.waiting || !navigator.serviceWorker.controller) return;
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    registration.waiting.postMessage('skip-waiting');
  } catch (error) {
    // Private browsing, for one: the app works, but not without a network.
    console.warn('sw.js', error);
  }
}

/** Tells whenever the device goes online or offline. @returns stops telling */
export function watchNetwork(listener: (online: boolean) => void): () => void {
  const tell = (): void => listener(navigator.onLine);
  window.addEventListener('online', tell);
  window.addEventListener('offline', tell);
  return () => {
    window.removeEventListener('online', tell);
    window.removeEventListener('offline', tell);
  };
}
