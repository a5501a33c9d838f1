/* What waits on this phone to be sent. Pages load it after they have loaded, and the worker takes it in: it is kept in */
/* IndexedDB, where both reach it, on disk before it goes out, and until the server gives the receipt. One of it: */
/* {id, u: address, b: form, t: when Send was pressed, r: receipt once sent, e: refusal}. A draft is there too, {id, d}: */
/* what localStorage has not yet written when the battery ends. */
(function (w) {
  'use strict';
  var d = w.document, pause = 5e3, mine, stale, timer, list = [], also = { ignoreSearch: true, ignoreVary: true }, box, said, T;
  function none() {}
  function get(k) { try { return JSON.parse(localStorage.getItem(k)); } catch (e) { return null; } }
  function put(k, v) { try { if (v) localStorage.setItem(k, JSON.stringify(v)); else localStorage.removeItem(k); } catch (e) {} }
  function db(f) {
    return new Promise(function (ok, no) {
      var o = indexedDB.open('soundings', 1);
      o.onupgradeneeded = function () { o.result.createObjectStore('q', { keyPath: 'id' }); };
      o.onerror = no;
      o.onsuccess = function () {
        var t = o.result.transaction('q', 'readwrite', { durability: 'strict' }), r = f(t.objectStore('q'));
        t.oncomplete = function () { o.result.close(); ok(r.result); };
        t.onabort = no;
      };
    });
  }
  /* Without IndexedDB it stays where the page has put it. */
  function save(one) { return db(function (s) { return s.put(one); }).then(function () { put('q:' + one.id); }, function () { put('q:' + one.id, one); }); }
  function drop(one) { put('q:' + one.id); return db(function (s) { return s.delete(one.id); }).catch(none); }
  function left() { return Object.keys(localStorage).filter(function (k) { return !k.indexOf('q:') && k != 'q:' + mine; }).map(get); }
  function post(one, to) {
    return fetch(to || one.u, { method: 'POST', credentials: 'same-origin', body: one.b,
      headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' } }).then(function (a) {
      return a.json().then(function (j) {
        if (a.status == 429 || a.status > 499) throw j;
        delete one.e;
        if (a.ok) { one.r = j; one.b = ''; } else one.e = j;
        return save(one);
      });
    });
  }
  function flush() {
    return db(function (s) { return s.getAll(); }).catch(left).then(function (all) {
      all = all.filter(function (one) {
        if (one.d && !((get(one.id) || 0).t >= one.d.t)) { put(one.id, one.d); stale = T && one.id == 's:' + T.key && one.d.v && !one.d.q && get(one.id); }
        return !one.d;
      });
      list = all.concat(w.begun || []);
      var bad;
      return all.reduce(function (p, one) {
        return p.then(function () { if (!one.r && !(one.e || {}).errors && one.id != mine) return post(one); }).catch(function (e) { bad = e || 1; });
      }, Promise.resolve()).then(function () { if (bad) throw bad; });
    });
  }
  /* The document of a link is the same for everyone and may be kept; what is of one person says no-store. */
  function keep(u, a) {
    if (/404|410/.test(a.status)) caches.open('pages').then(function (c) { c.delete(u, also); });
    if (a.status != 200 || /no-store/.test(a.headers.get('Cache-Control'))) return;
    a = a.clone();
    return caches.open('pages').then(function (c) { return c.put(u, a); });
  }

  /* The worker: the page of each link that was opened here opens again without network, and what waits is sent when */
  /* there is one, also when no page is open. It knows landings, their media and this script; all else goes past it. */
  if (!d) {
    addEventListener('install', function (e) {
      skipWaiting();
      /* In the place of the one of an older release. */
      e.waitUntil(caches.open('pages').then(function (c) { return c.delete(LATER, also); }).then(function () { return fetch(LATER); }).then(keep.bind(w, LATER)));
    });
    addEventListener('activate', function (e) { e.waitUntil(clients.claim()); });
    addEventListener('sync', function (e) { e.waitUntil(flush()); });
    addEventListener('fetch', function (e) {
      var r = e.request, net, kept;
      if (!(r.mode == 'navigate' ? /^\/s\/\w+$/ : /^\/s\/\w+\/media\/|^\/static\/respond/).test(new URL(r.url).pathname)) return;
      net = fetch(r);
      kept = caches.open('pages').then(function (c) {
        return c.match(r.url, { ignoreVary: true }).then(function (a) { return a || c.match(r.url, also); });
      });
      e.waitUntil(net.then(keep.bind(w, r.url)).catch(none));
      /* A network that does not answer in three seconds, or a server in trouble, is none if the page is kept. */
      e.respondWith(Promise.race([net, new Promise(function (ok) { setTimeout(ok, 3e3); })]).catch(none).then(function (a) {
        return a && a.status < 500 ? a : kept.then(function (k) { return k || net; });
      }));
    });
    return;
  }

  /* The page's own: it tells what it sends now, and when that is over. A second try is left to the worker too. */
  function wake() {
    if (navigator.serviceWorker) navigator.serviceWorker.ready.then(function (g) { return g.sync.register('q'); }).catch(none);
  }
  w.hold = function (one, over) {
    if (one.d) return db(function (s) { return s.put(one); }).catch(none);
    if (over) { mine = 0; return drop(one); }
    if (mine == one.id) wake();
    mine = one.id;
    return save(one);
  };
  function el(name, text, act, cls) {
    var e = box.appendChild(d.createElement(name));
    e.textContent = text;
    e.className = cls || 'btn alt';
    e.onclick = act;
    return e;
  }
  /* Of one that was sent or refused there may be a draft, which goes with it, or which is mended and sent anew. */
  function tidy(one) {
    var k = 's:' + one.u.split('/')[2], draft = get(k);
    if (!draft || draft.id != one.id || !one.r && !(one.e || {}).errors) return true;
    if (one.r) { draft = { t: Date.now() }; put(k, draft); hold({ id: k, d: draft }); sessionStorage.removeItem(k + 'c'); return true; }
    draft.q = 0;
    put(k, draft);
    drop(one).then(again);
  }
  function again() { if (box.offsetParent) location.reload(); }
  function gone(one) { one.r = one; tidy(one); drop(one); w.begun = 0; list.splice(list.indexOf(one), 1); show(); }
  function show() {
    var n = 0;
    list = list.filter(tidy);
    if (stale) again();
    box.textContent = '';
    list.forEach(function (one) {
      var e = one.e, l = (e || {}).late || {}, a;
      if (one.id == mine) return;
      if (one.r) {
        el('p', (one.r.say || T.sent) + ' ' + one.r.receipt, null, 'saved');
        el('button', T.hide, gone.bind(w, one));
      } else if (e) {
        el('p', new Date(one.t).toLocaleString(d.documentElement.lang + '-u-nu-latn') + ' – ' + e.message, null, 'saved');
        if (l.hand) el('button', l.hand, function () { post(one, one.u.replace('submit', 'late')).then(show, none); }, 'btn');
        a = el('a', l.file);
        a.href = URL.createObjectURL(new Blob([JSON.stringify({ soundings: 1, address: one.u, form: one.b, sent: one.t })]));
        a.download = 'soundings-' + one.id.slice(0, 8) + '.json';
        el('button', l.drop, function () { if (confirm(l.drop)) gone(one); });
      } else n++;
    });
    box.className = box.firstChild ? 'btns' : '';
    said.hidden = !n;
    said.textContent = n ? T.unsent + (n > 1 ? ' (' + n + ')' : '') : '';
  }
  function run() {
    clearTimeout(timer);
    Promise.all(left().map(save)).then(flush).catch(function () {
      wake();
      timer = setTimeout(run, pause = Math.min(pause * 2, 6e5));
    }).then(show);
  }
  T = d.querySelector('[data-unsent]');
  if (!T) return; /* sent before this came: there is nothing left to tell here */
  box = d.getElementById('start') || T;
  T = T.dataset;
  said = d.createElement('p');
  said.className = 'saved';
  said.setAttribute('role', 'status');
  box.insertBefore(d.createElement('div'), box.firstChild);
  box.insertBefore(said, box.firstChild);
  box = said.nextSibling;
  addEventListener('online', run);
  addEventListener('pagehide', function () { if (mine) wake(); });
  run();
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register('/sw.js').catch(none);
    if (T.key && !location.pathname.indexOf('/s/')) [location.href.split('#')[0]].concat([].map.call(d.querySelectorAll('[src*="/media/"]'), function (e) { return e.src; })).forEach(function (u) {
      fetch(u, { cache: 'force-cache' }).then(keep.bind(w, u)).catch(none);
    });
  }
}(self));
