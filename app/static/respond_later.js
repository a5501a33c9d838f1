/* What waits on this phone to be sent. Pages load it after they have loaded, and the worker takes it in: it is kept in */
/* IndexedDB, where both reach it, on disk before it goes out, and until the server gives the receipt. One of it: */
/* {id, u: address, b: form, t: when Send was pressed, r: receipt once sent, e: refusal}. */
(function (w) {
  'use strict';
  var d = w.document, pause = 5e3, mine, timer, list = [], box, said, T;
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
      list = all.concat(w.begun || []);
      return all.reduce(function (p, one) {
        return p.then(function () { if (!one.r && !(one.e || {}).errors && one.id != mine) return post(one); });
      }, Promise.resolve());
    });
  }
  /* The document of a link is the same for everyone and may be kept; what is of one person says no-store. */
  w.later = { flush: flush, keep: function (u, a) {
    if (a.status == 404 || a.status == 410) caches.open('pages').then(function (c) { c.delete(u, { ignoreSearch: true }); });
    if (a.status != 200 || /no-store/.test(a.headers.get('Cache-Control'))) return;
    a = a.clone();
    return caches.open('pages').then(function (c) { return c.put(u, a); });
  } };
  if (!d) return;

  /* The page's own: it tells what it sends now, and when that is over. A second try is left to the worker too. */
  function wake() {
    if (navigator.serviceWorker) navigator.serviceWorker.ready.then(function (g) { return g.sync.register('q'); }).catch(none);
  }
  w.hold = function (one, over) {
    if (over) { mine = 0; return drop(one); }
    if (mine == one.id) wake();
    mine = one.id;
    return save(one);
  };
  function el(name, text, act, cls) {
    var e = box.appendChild(d.createElement(name));
    e.textContent = text;
    if (act) { e.className = cls || 'btn alt'; e.onclick = act; }
    return e;
  }
  /* Of one that was sent or refused there may be a draft, which goes with it, or which is mended and sent anew. */
  function tidy(one) {
    var k = 's:' + one.u.split('/')[2], draft = get(k);
    if (!draft || draft.id != one.id || !one.r && !(one.e || {}).errors) return true;
    if (one.r) { put(k); sessionStorage.removeItem(k + 'c'); return true; }
    draft.q = 0;
    put(k, draft);
    drop(one).then(function () { if (box.checkVisibility && box.checkVisibility()) location.reload(); });
  }
  function gone(one) { one.r = one; tidy(one); drop(one); w.begun = 0; list.splice(list.indexOf(one), 1); show(); }
  function show() {
    var n = 0;
    list = list.filter(tidy);
    box.textContent = '';
    list.forEach(function (one) {
      var e = one.e, l = (e || {}).late || {}, a;
      if (one.id == mine) return;
      if (one.r) {
        el('p', (one.r.say || T.sent) + ' ' + one.r.receipt).className = 'saved';
        el('button', T.hide, gone.bind(w, one));
      } else if (e) {
        el('p', new Date(one.t).toLocaleString(d.documentElement.lang + '-u-nu-latn') + ' – ' + e.message).className = 'saved';
        if (l.hand) el('button', l.hand, function () { post(one, one.u.replace('submit', 'late')).then(show, none); }, 'btn');
        a = el('a', l.file, none);
        a.href = URL.createObjectURL(new Blob([JSON.stringify({ soundings: 1, address: one.u, form: one.b, sent: one.t })]));
        a.download = 'soundings-' + one.id.slice(0, 8) + '.json';
        el('button', l.drop, function () { if (confirm(l.drop)) gone(one); });
      } else n++;
    });
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
  T = d.querySelector('[data-unsent]').dataset;
  box = d.getElementById('start') || d.getElementById('main');
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
      fetch(u, { cache: 'force-cache' }).then(function (a) { return later.keep(u, a); }).catch(none);
    });
  }
}(self));
