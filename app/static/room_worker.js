/* The worker of rooms: without network it opens what room.js has put into a cache. It keeps nothing by itself. */
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (e) => e.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (e) => {
  if (e.request.method !== 'GET') return;
  const page = e.request.mode === 'navigate';
  const there = () => caches.match(e.request, { ignoreSearch: page, ignoreVary: true });
  const asked = fetch(e.request);
  /* A network that answers nothing is none. */
  const late = page ? new Promise((_, no) => setTimeout(no, 6000)) : asked;
  e.respondWith(Promise.race([asked, late]).catch(() => there().then((kept) => kept || asked)));
});
