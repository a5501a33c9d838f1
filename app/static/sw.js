/* The worker: the page of each link that was opened here opens again without network, and what waits is sent when there */
/* is one, also when no page is open. It knows landings, their media and its own script; all else goes past it. */
'use strict';
importScripts(LATER);
addEventListener('install', function (e) {
  skipWaiting();
  e.waitUntil(fetch(LATER).then(function (a) { return later.keep(LATER, a); }));
});
addEventListener('activate', function (e) { e.waitUntil(clients.claim()); });
addEventListener('sync', function (e) { e.waitUntil(later.flush()); });
addEventListener('fetch', function (e) {
  var r = e.request, net, kept, also = { ignoreSearch: true, ignoreVary: true };
  if (r.method != 'GET' || !(r.mode == 'navigate' ? /^\/s\/\w+$/ : /^\/s\/\w+\/media\/|^\/static\/respond/).test(new URL(r.url).pathname)) return;
  net = fetch(r);
  kept = caches.open('pages').then(function (c) {
    return c.match(r.url, { ignoreVary: true }).then(function (a) { return a || c.match(r.url, also); });
  });
  e.waitUntil(net.then(function (a) { return later.keep(r.url, a); }).catch(function () {}));
  /* A network that does not answer in three seconds, or a server in trouble, is none if the page is kept. */
  e.respondWith(Promise.race([net, new Promise(function (ok) { setTimeout(ok, 3e3); })]).catch(function () {}).then(function (a) {
    return a && a.status < 500 ? a : kept.then(function (k) { return k || net; });
  }));
});
