/* The whole questionnaire in one document: short steps, kept on the phone, one post. */
/* Most forms have neither logic nor one of the rarer kinds, and the script weighs on each first visit: lines that begin */
/* with "more" are left out of it there, those that begin with "less" elsewhere (app/security.go). */
(function () {
  'use strict';
  var d = document, start = d.getElementById('start'), rest = d.getElementById('rest');
  if (!rest || !rest.content || !window.fetch || !window.URLSearchParams || !window.crypto || !history.pushState || !NodeList.prototype.forEach) return;

  var button = start.querySelector('form .btn'), shared = window.room || /[?&]shared\b/.test(location.search);
  var form, T, key, steps, last, at = 0, deep = 0, draft, sent, busy, waiting, pause = 5e3, timer, on, bin, asked, titled = d.title, named = titled;
  function $(q) { return form.querySelector(q); }
  function all(q, f) { form.querySelectorAll(q).forEach(f); }
  function el(name, cls, text) { var e = d.createElement(name); e.className = cls || ''; if (text) e.textContent = text; return e; }
  function box(name) { return d.getElementById('a-' + name); }
/*more*/  /* Further scripts listen: begin, before kept answers are filled in; next; and any change. */
/*more*/  function say(what, detail) { form.dispatchEvent(new CustomEvent(what, { detail: detail, bubbles: true })); }
/*more*/  /* What is off the path: a step that is passed by; within a step what is in a div that is hidden. */
/*more*/  function off(n) { return n > 0 && n < last && steps[n - 1].dataset.off; }
/*more*/  function seen(q) { return !q.closest('[data-off],div[hidden]'); }
/*more*/  function among(n) { var c = 0; for (; n > 0; n--) c += !off(n); return c; }

  /* What is kept: answers on the phone; all of a shared device, and the linkage code, only with the tab. A tab's store */
  /* outlives a reload, Back, a crash of the page, and of the browser if it brings its tabs back; it never outlives the */
  /* tab, so that no child's code lies on a phone for ever. Who comes back without it is led to the code first (draft.c). */
  function get(s, k) { try { return JSON.parse(window[s].getItem(k)); } catch (e) { return null; } }
  function put(s, k, v) { try { if (v) window[s].setItem(k, JSON.stringify(v)); else window[s].removeItem(k); } catch (e) { return 0; } return 1; }
  /* Phones write this to disk when they please: respond_later.js does it at once, for a battery that ends. What is */
  /* over leaves its time behind, and nothing else, so that no older one comes back. */
  function stash(v) { v = v || { t: Date.now() }; if (window.hold && !shared) hold({ id: key, d: v }); return put(place, key, v); }
  var place = shared ? 'sessionStorage' : 'localStorage';
  function keep() {
    if (!draft || sent) return;
    var code = [];
    draft.v = []; draft.p = at || draft.p; draft.t = Date.now();
    new FormData(form).forEach(function (v, k) { if (v && k[0] != '_') ($('.code [name=' + k + ']') ? code : draft.v).push([k, v]); });
    if (code[0]) draft.c = 1;
    if (stash(draft) && put('sessionStorage', key + 'c', code)) tell(T.kept);
  }
  function fill(pairs) {
    (pairs || []).forEach(function (p) {
      all('[name="' + p[0] + '"]', function (e) {
        if (e.type == 'radio' || e.type == 'checkbox') { if (e.value == p[1]) e.checked = true; } else e.value = p[1];
      });
    });
  }
  function tell(text) { var s = d.getElementById('status'); s.hidden = !text; if (s.textContent != text) s.textContent = text; }
  function draw() { var id = ''; crypto.getRandomValues(new Uint8Array(16)).forEach(function (b) { id += (b + 256).toString(16).slice(1); }); return id; }

  function begin(old) {
    if (form) form.reset();
    draft = old || { id: draw(), s: Date.now(), n: $('[name=_version]').value };
    asked = 0;
    all('.clr', function (b) { b.remove(); });
    mend();
/*more*/    say('begin', draft);
    if (old) { fill(old.v); fill(get('sessionStorage', key + 'c')); all(':checked', clearable); tell(T.restored); } else tell('');
/*more*/    all('input:checked', clearable);
/*more*/    say('change');
  }
  function clearable(e) {
/*less*/    var q = e.closest('fieldset.q'), b;
/*more*/    var q = e.closest('fieldset.q,tbody'), b;
    if (!q || q.querySelector('.clr')) return;
    b = el('button', 'clr', T.clear);
    b.type = 'button';
    b.setAttribute('aria-label', T.clear + T.colon + name(q));
    b.onclick = function () {
      q.querySelectorAll('input').forEach(function (x) { x.checked = false; if (x.type == 'text') x.value = ''; });
      b.remove(); q.querySelector('input').focus(); keep();
/*more*/      say('change');
    };
/*less*/    q.appendChild(b);
/*more*/    (q.querySelector('th') || q).appendChild(b);
  }
  /* The document's title says where one is; that of an error says so first. */
  function call(step) { d.title = titled = (step ? step + ' – ' : '') + named; }
/*less*/  function name(q) { return q.querySelector('legend span,label span').textContent; }
/*more*/  function name(q) { return q.querySelector('legend span,label span,th span').textContent; }

  /* One step at a time; the browser's Back goes a step back. */
  function show(n) {
    at = n = Math.max(0, Math.min(n, last));
/*more*/    while (off(n)) at = ++n;
/*more*/    var parts = among(last) - 1, place = among(n), head = n && steps[n - 1].querySelector('h2');
/*more*/    $('progress').max = parts;
    start.hidden = n > 0;
    form.hidden = !n;
/*less*/    call(!n ? '' : n == last ? T.check : T.step.replace('{0}', n).replace('{1}', last - 1));
/*more*/    call(!n ? '' : n == last ? T.check : T.step.replace('{0}', place).replace('{1}', parts));
    if (!n) { offer(draft); return scrollTo(0, 0); }
    steps.forEach(function (s, i) { s.hidden = i != n - 1; });
/*less*/    var parts = last - 1, head = steps[n - 1].querySelector('h2');
/*less*/    $('#step').textContent = n == last ? '' : T.step.replace('{0}', n).replace('{1}', parts);
/*less*/    $('progress').value = Math.min(n, parts);
/*more*/    $('#step').textContent = n == last ? '' : T.step.replace('{0}', place).replace('{1}', parts);
/*more*/    $('progress').value = Math.min(place, parts);
    $('#next').textContent = n == last ? T.send : T.next;
    if (n == last) list();
    if (head) head.tabIndex = -1;
    (head || steps[n - 1]).focus();
    scrollTo(0, 0);
  }
  /* The landing offers to go on with answers that are here, however old, or to throw them away. It says when they */
  /* are from and nothing of what they are: the phone may be the family's. */
  function offer(old) {
    if (!old) return;
    if (!on) {
      on = el('button', 'btn');
      bin = el('button', 'btn alt', button.dataset.drop);
      bin.type = on.type = 'button';
      button.form.insertBefore(on, button);
      button.form.appendChild(bin);
      button.className = 'btn alt';
      button.textContent = button.dataset.afresh;
    }
    bin.hidden = on.hidden = false;
    on.textContent = button.dataset.go + ' (' + new Date(old.t || old.s).toLocaleString(d.documentElement.lang + '-u-nu-latn', { dateStyle: 'medium', timeStyle: 'short' }) + ')';
    bin.onclick = function () {
      if (!confirm(bin.textContent)) return;
      stash(); put('sessionStorage', key + 'c');
      draft = null;
      bin.hidden = on.hidden = true;
      button.focus();
    };
    on.onclick = function () {
      if (draft != old) begin(old);
      var c = old.c && !get('sessionStorage', key + 'c') && $('.code');
      go(c ? steps.indexOf(c.closest('section')) + 1 : old.p || 1);
    };
  }
  function go(n) { if (draft.q) return; history.pushState({ p: n }, ''); deep++; show(n); keep(); }
  addEventListener('popstate', function (e) {
    if (sent || draft && draft.q) return;
    deep--;
    mend();
    show(draft && e.state && e.state.p || 0);
  });

  /* Check your answers, read off the form. */
  function list() {
    var out = $('#check div'), dl;
    out.textContent = '';
    steps.forEach(function (step, i) {
      var qs = step.querySelectorAll('.q'), h = step.querySelector('h2');
/*more*/      qs = [].filter.call(qs, seen);
      if (!qs.length) return;
      if (h) out.appendChild(el('h2', 'small', h.textContent));
      dl = out.appendChild(el('dl'));
      qs.forEach(function (q) {
        var code = q.closest('.code'), label = code ? code.querySelector('legend').textContent : name(q);
        if (code && q != code.querySelector('.q')) return;
        var given = [], row = el('div'), act = el('dd', 'act'), a = el('a', '', T.change), dd;
        (code || q).querySelectorAll('input,textarea,select').forEach(function (e) {
          var l = e.closest('.opt'), b = l && l.querySelector('b');
          if (l) { if (e.checked) given.push(((b ? b.textContent + ' ' : '') + l.querySelector('span').textContent).trim()); }
/*more*/          else if (e.options && !code) { if (e.value) given.push(e.options[e.selectedIndex].text); }
          else if (e.value) given.push(e.value);
        });
        row.appendChild(el('dt', '', label));
        dd = el('dd', 'say', code && given[0] ? T.given : given.join('; ') || T.none); dd.dir = 'auto';
        row.appendChild(dd);
/*more*/        if (given[0] && q.dataset.words) dd.textContent = q.dataset.words; else if (q.querySelector('.dates') && given[0]) dd.textContent = given.join(' ');
        a.href = '#'; a.appendChild(el('span', 'vh', T.colon + label));
        a.onclick = function (e) { e.preventDefault(); go(i + 1); q.querySelector('input,textarea,select').focus(); };
        act.appendChild(a); row.appendChild(act); dl.appendChild(row);
      });
    });
  }

  /* What is wrong, beside the question and in a summary. */
  function mend() {
    $('.errs').hidden = true;
    d.title = titled;
    $('.errs ul').textContent = '';
    all('.bad', function (q) { q.classList.remove('bad'); });
    all('.msg', function (m) { m.remove(); });
    all('[data-was]', function (e) { e.setAttribute('aria-describedby', e.dataset.was); if (!e.dataset.was) e.removeAttribute('aria-describedby'); delete e.dataset.was; });
  }
  function fail(errors) {
    var first;
    mend();
    errors.forEach(function (x) {
      var e = box(x.control), q = e && e.closest('.q'), m, l;
      if (!q) { put('sessionStorage', key + 'p', at); keep(); return location.reload(); }
/*more*/      /* The server's word is final: what it asks for is shown. */
/*more*/      if (!seen(q)) for (l = q; l != form; l = l.parentNode) { delete l.dataset.off; if (l.tagName != 'SECTION') l.hidden = false; }
/*more*/      if (e.closest('details')) e.closest('details').open = true;
      first = first || q;
      q.classList.add('bad');
      m = el('span', 'msg', x.message); m.id = e.id + '-e';
      m.insertBefore(el('span', 'vh', T.error + T.colon), m.firstChild);
/*more*/      l = q.querySelector('th'); if (l) l.appendChild(m); else
      if (e.closest('.words')) e.parentNode.insertBefore(m, e); else q.insertBefore(m, q.querySelector('.opts,.row,textarea,select,input[type=text]'));
      if (q.tagName == 'FIELDSET' && e.type != 'text') e = q;
      e.dataset.was = e.getAttribute('aria-describedby') || '';
      e.setAttribute('aria-describedby', (e.dataset.was + ' ' + m.id).trim());
      l = name(q);
      lead(x.control, q, l + (/[?.!:…؟۔।።፧፦。?!:]$/.test(l) ? ' ' : T.colon) + x.message);
    });
    if (!first) return;
    var n = steps.indexOf(first.closest('section')) + 1;
    if (n != at) go(n);
    d.title = T.error + T.colon + titled;
    sum(T.problem);
  }
  /* The summary: a line that leads to a control, and the heading over all. */
  function lead(control, q, text) {
    var a = el('a', '', text), li = el('li');
    a.href = '#a-' + control;
    a.onclick = function (v) { v.preventDefault(); box(control).focus(); q.scrollIntoView(); };
    li.appendChild(a); $('.errs ul').appendChild(li);
  }
  function sum(text) {
    $('#problem').textContent = text;
    $('.errs').hidden = false;
    $('.errs').focus();
    scrollTo(0, 0);
  }
  /* Once: a code that is not there, or says nothing, pairs with nothing. */
  function ask() {
    if (asked) return;
    steps[at - 1].querySelectorAll('[data-ask] .q').forEach(function (q) {
/*more*/      if (!seen(q)) return;
      var e = q.querySelector('input,select');
      if (e.type == 'radio' ? q.querySelector(':checked') : e.value && (e.type != 'text' || /\p{L}/u.test(e.value))) return;
      lead(e.name, q, name(q));
      asked = 1;
    });
    if (asked) sum(T.code);
    return asked;
  }
  function next() {
    var bad = [];
    steps[at - 1].querySelectorAll('[data-need]').forEach(function (q) {
      var e = q.querySelector('[name]'), text = q.querySelector('input[type=text],textarea,select');
/*more*/      text = text || q.querySelector('[type=time]'); if (!seen(q)) return;
      if (!q.querySelector(':checked:not(option)') && !(text && text.value.trim())) bad.push({ control: e.name, message: q.dataset.need });
    });
/*more*/    say('next', { step: steps[at - 1], bad: bad });
    if (bad.length) return fail(bad);
    mend();
    if (at < last) return ask() || go(at + 1);
    send();
  }

  /* Once, after the first answer: a beacon for the room's count of who began, which says nothing else. */
  function began() {
    if (draft && !draft.b && navigator.onLine && navigator.sendBeacon)
      draft.b = navigator.sendBeacon(form.getAttribute('action').replace(/submit$/, 'begun'), new URLSearchParams({ _id: draft.id })) | 0;
  }

  /* One post, under an id of its own: sent twice it is kept once. It is on the phone before it goes out and until the */
  /* server gives the receipt: respond_later.js, which sends what was left, takes it from here. */
  function send() {
    if (busy) return;
    var body = new URLSearchParams(), mine = draft, tag, one;
    busy = draft.q = true; waiting = false; clearTimeout(timer); clearTimeout(keep.t);
    keep(); tell(T.sending);
    timer = setTimeout(function () { busy = false; }, 3e4);
    new FormData(form).forEach(function (v, k) { body.append(k, v); });
    body.append('_id', draft.id); body.append('_started', draft.s); body.append('_sent', draft.f = draft.f || Date.now()); body.append('_lang', d.documentElement.lang);
    if (shared) body.append('_mode', 'shared_device');
    else {
      put(place, 'd:' + T.key, tag = get(place, 'd:' + T.key) || draw());
      body.append('_device', tag);
    }
    one = { id: draft.id, u: form.getAttribute('action'), b: String(body), t: draft.f };
    put(place, 'q:' + draft.id, one);
    Promise.resolve(window.hold && !shared && hold(one)).then(function () {
      return fetch(one.u, { method: 'POST', credentials: 'same-origin', body: one.b,
        headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' } });
    }).then(function (r) { return r.json().then(function (j) {
      busy = false;
      if (sent || draft != mine) return;
      if (r.ok) return done(j);
      if (r.status == 429 || r.status > 499) return wait();
      form.className = '';
      draft.q = false;
      if (!j.errors && j.late && !shared) { one.e = j; draft.q = true; put(place, 'q:' + draft.id, one); return location.reload(); }
      over();
      if (j.errors) { tell(''); fail(j.errors); } else tell(j.message + ' ' + T.kept);
    }); }).catch(function () { busy = false; if (!sent && draft == mine) wait(); });
  }
  /* Whoever has pressed Send is through: what waits cannot be changed any more. */
  function wait() {
    waiting = true;
    form.className = 'wait';
    tell(T.unsent);
    clearTimeout(timer); timer = setTimeout(send, pause = Math.min(pause * 2, 6e5));
  }
  function over() { put(place, 'q:' + draft.id); if (window.hold) hold(draft, 1); }
  addEventListener('online', function () { if (waiting) send(); });
  function done(j) {
    var old = get(place, key), thanks = d.getElementById('thanks');
    if (!old || old.id == draft.id) { stash(); put('sessionStorage', key + 'c'); }
    over();
    sent = true;
/*more*/    say('done', j);
    tell(''); form.remove();
    thanks.hidden = false;
    call(thanks.querySelector('h1').textContent);
    thanks.querySelector('.receipt').textContent = j.receipt;
    history.replaceState(null, '', j.thanks_url);
    thanks.querySelector('h1').focus();
    scrollTo(0, 0);
  }

  /* Set up. */
  d.getElementById('main').appendChild(rest.content);
  form = d.getElementById('answers');
  form.hidden = d.getElementById('thanks').hidden = true;
  T = form.dataset;
  T.problem = $('#problem').textContent;
  key = 's:' + T.key;
  steps = [].slice.call(form.querySelectorAll('section'));
  last = steps.length;
  form.addEventListener('submit', function (e) { e.preventDefault(); next(); });
  $('#back').onclick = function () { keep(); if (deep > 0) history.back(); else {
/*more*/    while (off(at - 1)) at--;
    history.replaceState({ p: at - 1 }, ''); mend(); show(at - 1);
  } };
  form.addEventListener('change', function (e) {
    var t = e.target;
    if (t.type == 'checkbox' && t.checked) t.closest('.opts').querySelectorAll('[type=checkbox]').forEach(function (x) {
      if (x != t && ('alone' in t.dataset || 'alone' in x.dataset)) x.checked = false;
    });
    if (t.checked) clearable(t);
    began();
    keep();
  });
  form.addEventListener('input', function () { clearTimeout(keep.t); keep.t = setTimeout(keep, 400); });
  addEventListener('pagehide', keep);
  d.querySelectorAll('.langs a').forEach(function (a) {
    a.addEventListener('click', function () { if (at && !sent) { keep(); put('sessionStorage', key + 'p', at); } });
  });
  start.querySelector('form').addEventListener('submit', function (e) { e.preventDefault(); begin(); go(1); });

  var old = get(place, key), back = get('sessionStorage', key + 'p') || history.state && history.state.p;
  put('sessionStorage', key + 'p');
  if (old && old.v && !old.q) {
    if (back) { begin(old); history.replaceState({ p: back }, ''); show(back); }
    else offer(old);
  }
  /* What the first sight does not need comes after it; a shared device keeps nothing. */
  if (!shared) addEventListener('load', function () { var s = el('script'); s.src = T.later; d.body.appendChild(s); });
}());
