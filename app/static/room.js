/* The frame of a room: one tablet for many people. Each gets a document of their own, with the questionnaire, in an */
/* iframe that is thrown away after them. Answers that cannot be sent at once are sealed for the server's key and kept */
/* in IndexedDB, on disk, until the server has them; not even this page can read them again. */
/* surveys/sealing.go says how they are sealed. What is not sent yet by the one who is answering is in memory alone: a */
/* tablet that is switched off in the middle loses those few answers, and never shows them to somebody else. */
(function () {
  'use strict';
  var d = document, facts = JSON.parse(d.getElementById('facts').textContent), hole = d.getElementById('hole');
  var base = '/room/' + facts.token, pages = 'room-' + facts.token, warn = Math.min(20, facts.idle) * 1e3;
  var forms = {}, lang = facts.lang, state = 'start', ended = !facts.open, seen = Date.now(), asked = 0, guarded, sending, again, unsent = 0, refused = 0, made = {}, ready, wrote = Promise.resolve();
  var safe = window.isSecureContext && window.indexedDB && crypto.subtle;
  function id(name) { return d.getElementById(name); }
  function none() {}
  function say(name, n) { return facts.words[lang][name].replace('{0}', n === undefined ? '' : n.toLocaleString(lang + '-u-nu-latn')); }
  function set(name, text) { var e = id(name); e.hidden = !text; if (e.textContent != text) e.textContent = text; }

  /* How many were done here today: a number, nothing of anybody. */
  function today() { return new Date().toDateString(); }
  function done(more) {
    made = { id: facts.token, d: today(), n: (made.d == today() ? made.n : 0) + (more || 0) };
    if (more && safe) wrote = db('done', function (s) { return s.put(made); }).catch(none);
    return made.n;
  }

  function draw() {
    d.documentElement.lang = lang;
    d.documentElement.dir = facts.words[lang].dir;
    id('bar').hidden = state == 'answering';
    set('next', state == 'start' && !ended ? say('nextPlease') : '');
    set('go', state == 'thanks' ? say('go') : '');
    set('done', say('done', done()));
    set('unsent', unsent ? say('unsent', unsent) : say('none'));
    id('unsent').className = unsent ? 'badge wait' : 'badge';
    set('refused', refused ? say('lost', refused) : '');
    set('online', safe ? '' : say('online'));
    set('ready', ready && state == 'start' ? say('ready') : '');
    id('over').hidden = !(ended && state == 'start');
    hole.hidden = ended && state == 'start';
    set('over-title', say('ended'));
    set('over-why', unsent ? say('endedUnsent', unsent) : say('endedNone'));
  }

  /* A new document for the next person; of the one before nothing is left. */
  function show() {
    var page = forms[lang], frame;
    hole.textContent = '';
    if (!page) return;
    frame = d.createElement('iframe');
    frame.title = say('form');
    frame.srcdoc = page;
    hole.appendChild(frame);
  }
  function wipe() {
    room.carried = null;
    state = 'start';
    lang = facts.lang;
    close();
    show();
    draw();
    flush();
  }

  /* The documents, one for each language: in memory, and in a cache for a tablet that is opened without network. */
  function kept(f) { return window.caches ? caches.open(pages).then(f).catch(none) : Promise.resolve(); }
  function get(address) {
    return fetch(address, { credentials: 'omit' }).then(function (r) {
      if (!r.ok) throw r.status;
      var copy = r.clone();
      return kept(function (c) { return c.put(address, copy); }).then(function () { return r; });
    }).catch(function () { return kept(function (c) { return c.match(address); }); });
  }
  function form(tag) { return base + '/form?lang=' + encodeURIComponent(tag); }
  function load(tag) {
    return get(form(tag)).then(function (r) { return r && r.text(); }).then(function (text) {
      if (!text) return;
      forms[tag] = text;
      (text.match(/\/s\/\w+\/media\/\w+/g) || []).forEach(function (m) { kept(function (c) { return c.match(m).then(function (had) { return had || c.add(m); }); }); });
    });
  }

  /* Whether the tablet may leave the network now: all of it is kept, and there is a worker to open it. */
  function stands() {
    if (!safe || !navigator.serviceWorker || !window.caches) return;
    return Promise.all([navigator.serviceWorker.ready, kept(function (c) {
      return Promise.all([base].concat(facts.languages.map(form)).map(function (a) { return c.match(a); }));
    })]).then(function (got) {
      ready = (got[1] || [0]).every(Boolean);
      draw();
    });
  }

  /* What is sealed and waits, of this room and of earlier ones. One of it: {id, room, b: bytes, r: refused}. */
  function db(name, f) {
    return new Promise(function (ok, no) {
      var o = indexedDB.open('soundings-room', 1);
      o.onupgradeneeded = function () { ['sealed', 'done'].forEach(function (n) { o.result.createObjectStore(n, { keyPath: 'id' }); }); };
      o.onerror = no;
      o.onsuccess = function () {
        var t = o.result.transaction(name, 'readwrite', { durability: 'strict' }), r = f(t.objectStore(name));
        t.oncomplete = function () { o.result.close(); ok(r && r.result); };
        t.onabort = no;
      };
    });
  }
  function waiting() { return safe ? db('sealed', function (s) { return s.getAll(); }).catch(function () { return []; }) : Promise.resolve([]); }
  function count() {
    return waiting().then(function (all) {
      refused = all.filter(function (one) { return one.r; }).length;
      unsent = all.length;
      draw();
      return all;
    });
  }

  function bytes(text) { return new TextEncoder().encode(text); }
  function joined() {
    var all = [].slice.call(arguments), out = new Uint8Array(all.reduce(function (n, a) { return n + a.length; }, 0)), at = 0;
    all.forEach(function (a) { out.set(a, at); at += a.length; });
    return out;
  }
  function from64(text) { return Uint8Array.from(atob(text), function (c) { return c.charCodeAt(0); }); }
  function to64(raw) { var s = ''; raw.forEach(function (b) { s += String.fromCharCode(b); }); return btoa(s); }
  function seal(name, body) {
    var key = from64(facts.key), c = crypto.subtle, curve = { name: 'ECDH', namedCurve: 'P-256' }, drawn, own;
    return Promise.all([c.generateKey(curve, false, ['deriveBits']), c.importKey('raw', key, curve, false, [])]).then(function (k) {
      return Promise.all([c.exportKey('raw', k[0].publicKey), c.deriveBits({ name: 'ECDH', public: k[1] }, k[0].privateKey, 256)]);
    }).then(function (got) {
      drawn = new Uint8Array(got[0]);
      return c.importKey('raw', got[1], 'HKDF', false, ['deriveBits']);
    }).then(function (secret) {
      return c.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: joined(drawn, key), info: bytes('soundings sealed answer 1') }, secret, 352);
    }).then(function (bits) {
      own = new Uint8Array(bits);
      return c.importKey('raw', own.slice(0, 32), 'AES-GCM', false, ['encrypt']);
    }).then(function (k) {
      return c.encrypt({ name: 'AES-GCM', iv: own.slice(32), additionalData: bytes(facts.token + '\0' + name) }, k, bytes(body));
    }).then(function (closed) { return joined(drawn, new Uint8Array(closed)); });
  }

  /* One request a batch; what the server has, kept or held, is forgotten here. */
  function deliver(of, batch) {
    return fetch('/room/' + of + '/sealed', within(6e4, { method: 'POST', credentials: 'omit', headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ answers: batch.map(function (one) { return { id: one.id, sealed: to64(one.b) }; }) }) })).then(function (r) {
      if (!r.ok) throw r.status;
      return r.json();
    }).then(function (j) {
      return db('sealed', function (s) {
        j.answers.forEach(function (a) {
          if (a.outcome == 'kept' || a.outcome == 'held') s.delete(a.id);
          if (a.outcome == 'refused') batch.forEach(function (one) { if (one.id == a.id) { one.r = 1; s.put(one); } });
        });
      });
    });
  }
  /* A request that a dead network never answers ends by itself: nothing waits for it. */
  function within(ms, how) {
    var stop = window.AbortController && new AbortController();
    if (stop) { how.signal = stop.signal; setTimeout(function () { stop.abort(); }, ms); }
    return how;
  }
  function flush() {
    if (!safe) return;
    /* What came meanwhile is counted now, and goes when this round is over. */
    if (sending) { again = 1; count(); return sending; }
    sending = waiting().then(function (all) {
      var batches = [], last;
      all.forEach(function (one) {
        if (one.r) return;
        if (!last || last.of != one.room || last.size + one.b.length > 4e5 || last.all.length > 49) batches.push(last = { of: one.room, size: 0, all: [] });
        last.size += one.b.length;
        last.all.push(one);
      });
      /* A batch that fails, of a room that is long over perhaps, holds no other back. */
      return batches.reduce(function (p, b) { return p.then(function () { return deliver(b.of, b.all).catch(none); }); }, Promise.resolve());
    }).catch(none).then(count).then(look).then(function () {
      sending = 0;
      if (again) { again = 0; flush(); }
    });
    return sending;
  }
  /* Whether the room is still open. */
  function look() {
    return fetch(base + '/state', within(1e4, { credentials: 'omit', headers: { Accept: 'application/json' } })).then(function (r) {
      if (r.status == 404) ended = true; else if (r.ok) return r.json().then(function (j) { ended = !j.open; });
    }).catch(none).then(draw);
  }

  function receipt(name) {
    var signs = '23456789ABCDEFGHJKMNPQRSTUVWXYZ', n = parseInt(name.slice(0, 11), 16), out = '';
    for (var i = 0; i < 9; i++) { out = signs[n % 31] + (i % 3 || !i ? '' : '-') + out; n = Math.floor(n / 31); }
    return out;
  }
  function answer(name) {
    return new Response(JSON.stringify({ receipt: receipt(name), thanks_url: '' }), { status: 200, headers: { 'Content-Type': 'application/json' } });
  }
  /* What the questionnaire sends: at once where there is network, or else sealed. What is wrong with an answer is said. */
  function post(address, how, page) {
    var body = String(how.body), name = new URLSearchParams(body).get('_id');
    touch();
    return fetch(address, within(1e4, { method: 'POST', credentials: 'omit', headers: how.headers, body: body })).then(function (r) {
      if (r.ok) return through().then(function () { return r; });
      if (!safe) return r;
      if (r.status != 422) throw r.status;
      return r.clone().json().then(function (j) {
        /* What this document does not even ask cannot be mended by who answers it: it is held for somebody else. */
        if (!(j.errors || []).every(function (x) { return page.getElementById('a-' + x.control); })) throw r.status;
        return r;
      });
    }).catch(function (e) {
      if (!safe) throw e;
      return seal(name, body).then(function (b) { return db('sealed', function (s) { return s.put({ id: name, room: facts.token, b: b }); }); }).then(function () {
        var p = page.querySelector('#thanks p');
        if (p) p.textContent = say('kept');
        return through();
      }).then(function () {
        count();
        return answer(name);
      });
    });
  }
  function through() { done(1); return wrote.then(function () { state = 'thanks'; touch(); draw(); }); }

  /* Nobody touches it: a warning, then the next person. */
  function touch() { seen = Date.now(); if (asked) close(); }
  function close() { asked = 0; if (id('still').open) { if (id('still').close) id('still').close(); else id('still').removeAttribute('open'); } }
  function ask() {
    asked = Date.now();
    set('still-title', say('still'));
    set('still-why', say('stillWhy'));
    set('here', say('here'));
    tick();
    if (id('still').showModal) id('still').showModal(); else id('still').setAttribute('open', '');
    id('here').focus();
  }
  function tick() {
    var now = Date.now(), left;
    if (asked) {
      left = Math.ceil((warn - (now - asked)) / 1e3);
      if (left <= 0) { seen = now; return wipe(); }
      set('seconds', left.toLocaleString(lang + '-u-nu-latn'));
      if (left % 5 == 0) set('seconds-said', say('seconds', left));
      return;
    }
    if (now - seen < facts.idle * 1e3) return;
    if (state == 'answering') {
      /* A tablet that slept has not counted: it was left alone for as long all the same. */
      if (now - seen > facts.idle * 1e3 + warn + 5e3) { seen = now; return wipe(); }
      return ask();
    }
    seen = now;
    if (state == 'thanks' || lang != facts.lang) wipe();
  }

  var room = window.room = {
    carried: null, post: post, touch: touch, next: wipe,
    begun: function () {
      state = 'answering';
      if (!guarded) { guarded = true; history.pushState(1, ''); }
      draw();
    },
    speak: function (tag, memory) {
      room.carried = memory;
      lang = tag;
      touch();
      draw();
      (forms[tag] ? Promise.resolve() : load(tag)).then(show);
    }
  };
  /* The tablet's Back stays in the room: it leads a step back, and nowhere else. */
  addEventListener('popstate', function () {
    var frame = hole.firstChild, b;
    history.pushState(1, '');
    touch();
    if (state == 'answering' && frame) { b = frame.contentDocument.getElementById('back'); if (b) b.click(); }
  });
  addEventListener('pagehide', function () { hole.textContent = ''; });
  addEventListener('pageshow', function (e) { if (e.persisted) location.reload(); });
  addEventListener('online', flush);
  d.addEventListener('visibilitychange', function () { if (!d.hidden) tick(); });
  ['pointerdown', 'keydown'].forEach(function (name) { addEventListener(name, touch, true); });
  id('here').onclick = touch;
  id('go').onclick = wipe;
  id('still').addEventListener('close', function () { if (asked) touch(); });

  d.querySelectorAll('body > header, body > aside, .skip').forEach(function (e) { e.remove(); });
  id('room').hidden = false;
  history.replaceState(0, '');
  setInterval(tick, 1e3);
  setInterval(flush, 15e3);
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  if (safe && navigator.serviceWorker) navigator.serviceWorker.register('/room/worker.js', { scope: '/room/' }).catch(none);
  get(base).then(function () { return load(lang); }).then(function () { show(); draw(); return facts.languages.reduce(function (p, tag) { return p.then(function () { return forms[tag] || load(tag); }); }, Promise.resolve()); })
    .then(stands).then(function () { room.ready = true; });
  draw();
  (safe ? db('done', function (s) { return s.get(facts.token); }).catch(none) : Promise.resolve()).then(function (had) { made = had || made; }).then(count).then(flush);
}());
