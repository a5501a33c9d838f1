/* The path through a form with logic, walked anew after each change, as questionnaire.Path walks it on the server. */
/* What is off the path is hidden and keeps what was typed; it is sent too, and the server puts it aside. */
(function () {
  'use strict';
  var d = document, source = d.getElementById('logic'), L = source && JSON.parse(source.textContent);
  var S = window.SoundingsLogic, form, draft, items, of, memo, seen, was = {}, touched = {}, busy, zone, controls = {};
  if (!L || !S) return;
  zone = S.zone(L.zone, L.minutes);
  function all(e, q, f) { [].forEach.call(e.querySelectorAll(q), f); }
  /* Controls by name, looked up once: a long form asks for them at each key. */
  function named(name) {
    var es = controls[name];
    return es ? es.slice() : controls[name] = [].slice.call(form.querySelectorAll('[name="' + name + '"]'));
  }
  function field(name) { var e = named(name)[0]; return e ? e.value.trim() : ''; }
  function fill(sentence, words) { return sentence.replace(/\{(\d)\}/g, function (m, i) { return words[i]; }); }

  /* Every item of the document, and which item a variable belongs to. */
  function set(e) {
    form = e;
    items = [];
    of = {};
    all(form, '[data-item]', function (w) {
      var it = { id: w.dataset.item, w: w, kind: w.dataset.kind, part: w.closest('section'), vars: [], l: L.items[w.dataset.item] || {} };
      items.push(it);
      of[it.id] = it;
      all(w, '[name]', function (e) { if (e.name.indexOf('__') < 0 && !of[e.name]) of[e.name] = it; });
      all(w, '.q', function (q) {
        var e = q.querySelector('[name]'), id = e.name.split('__')[0];
        if (e.closest('.code')) return;
        it.vars.push(id);
        of[id] = it;
      });
      if (!it.vars.length) it.vars.push(it.id);
    });
  }

  /* What a variable holds, as expressions see it: a code, codes with blanks between, digits, a date, text; '' for none. */
  function value(id) {
    if (id in memo) return memo[id];
    memo[id] = '';
    return memo[id] = work(id);
  }
  function work(id) {
    var it = of[id], other = /^(.*)__other$/.exec(id);
    if (!it && other) return of[other[1]] && shows(of[other[1]]) && !refused(other[1]) ? field(id) : '';
    if (!it || !shows(it)) return '';
    if (it.l.calculation) return was[id] = calculate(it);
    if (it.l.hidden) return hidden(it);
    return given(id, it);
  }
  function given(id, it) {
    var es = named(id), date;
    if (it.kind == 'ranking') return ranked(it).map(function (r) { return r.dataset.code; }).join(' ');
    if (it.kind == 'date' || it.kind == 'date_time') { date = iso(it); return date && date + (L.ends && L.ends[id] || ''); }
    if (es[0] && /radio|checkbox/.test(es[0].type)) return es.filter(function (e) { return e.checked; }).map(function (e) { return e.value; }).join(' ');
    return it.kind == 'number' ? digits(field(id), es[0].inputMode == 'numeric') : field(id);
  }
  /* A number as the server reads it: digits of any script, a point or a comma, thousands grouped. */
  function digits(text, whole) {
    var at, zeros = '\u0660\u06f0\u0966\u09e6\u0a66\u0ae6\u0be6\u0e50\uff10', plain = '';
    [].forEach.call(text, function (c) {
      var n = c.charCodeAt(0), i;
      for (i = 0; i < zeros.length; i++) if (n >= zeros.charCodeAt(i) && n <= zeros.charCodeAt(i) + 9) c = String(n - zeros.charCodeAt(i));
      plain += c;
    });
    plain = plain.replace(/[\u2212\u2013]/g, '-').replace(/\u066b/g, '.').replace(/[\s\x27\u2019\u066c\u200e\u200f\u061c]/g, '');
    at = Math.max(plain.lastIndexOf('.'), plain.lastIndexOf(','));
    if (at < 0) return isFinite(plain) && plain ? String(+plain) : plain;
    if (plain.split(plain[at]).length > 2 || whole && /^[+-]?[1-9]\d{0,2},\d{3}$/.test(plain)) plain = plain.replace(/[.,]/g, '');
    else plain = plain.slice(0, at).replace(/[.,]/g, '') + '.' + plain.slice(at + 1);
    return isFinite(plain) ? String(+plain) : plain;
  }
  function two(text) { return ('0' + digits(text)).slice(-2); }
  function iso(it) {
    var p = {}, missing;
    all(it.w, '.dates [name]', function (e) { p[e.name.slice(it.id.length + 2)] = e.value.trim(); missing = missing || !e.value.trim(); });
    if (missing) return '';
    return digits(p.year) + (p.month ? '-' + two(p.month) : '') + (p.day ? '-' + two(p.day) : '') + (p.time ? 'T' + p.time : '');
  }
  function ranked(it) {
    var rows = [].filter.call(it.w.querySelectorAll('.rank'), function (r) { return r.querySelector('select').value; });
    return rows.sort(function (a, b) { return a.querySelector('select').value - b.querySelector('select').value; });
  }
  /* Whether "prefer not to say" or "don't know" was chosen, which is no answer. */
  function refused(id) { return named(id).some(function (e) { return e.checked && 'missing' in e.dataset; }); }
  function blank(id) { return !value(id) || refused(id); }

  /* Hidden items hold what the link, or the clock, said when the form was begun. */
  function hidden(it) {
    if (it.l.hidden == 'link') return field(it.id);
    var at = { now: it.l.hidden == 'end' ? Date.now() : draft.s, zone: zone }, now = ['call', 'now'];
    return S.text(it.l.hidden == 'today' ? ['call', 'format-date', now, ['str', '%Y-%m-%d']] : now, at);
  }
  function linked(it) {
    var said = new URLSearchParams(location.search), name = it.l.link || it.id, e = named(it.id)[0];
    if (e) e.value = said.get(name) || said.get(it.id) || it.l.fallback || '';
  }

  function env(it, self) {
    return {
      answer: value, self: self || '', label: label, now: Date.now(), zone: zone, draw: draw(it.id),
      column: function () { return ''; }
    };
  }
  function label(id, code) {
    var found = named(id).filter(function (e) { return e.value == code; })[0];
    return found ? found.closest('.opt').querySelector('span').textContent : '';
  }
  function holds(tree, e, otherwise) { try { return S.truth(tree, e); } catch (x) { return otherwise; } }
  function calculate(it) {
    var e = env(it, was[it.id]), v;
    try { v = it.l.number ? S.number(it.l.calculation, e) : S.value(it.l.calculation, e); } catch (x) { return ''; }
    return it.kind == 'calculated' && typeof v == 'number' && !isFinite(v) ? '' : String(v).slice(0, 1e4);
  }
  /* The same person draws the same numbers each time. */
  function draw(id) {
    var a;
    return function () {
      if (a === undefined) a = lot((draft ? draft.id : '') + '\0' + id);
      a = a + 0x6d2b79f5 | 0;
      var t = Math.imul(a ^ a >>> 15, 1 | a);
      t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
      return ((t ^ t >>> 14) >>> 0) / 4294967296;
    };
  }
  function lot(text) {
    var h = 0x811c9dc5;
    new TextEncoder().encode(text).forEach(function (b) { h = Math.imul(h ^ b, 0x01000193); });
    h = Math.imul(h ^ h >>> 16, 0x85ebca6b);
    h = Math.imul(h ^ h >>> 13, 0xc2b2ae35);
    return (h ^ h >>> 16) >>> 0;
  }

  /* Relevance: of the part, of the groups around, of the item. While one is worked out it counts as true. */
  function relevant(key, tree, it) {
    if (!tree || key in seen) return !tree || seen[key];
    seen[key] = true;
    return seen[key] = holds(tree, env(it), true);
  }
  function shows(it) {
    var part = it.part.dataset.part, g = it.l.group, n = 0;
    if (!relevant('p ' + part, L.parts && L.parts[part], { id: part })) return false;
    for (; g && L.groups[g] && n < 99; g = L.groups[g].in, n++) if (!relevant('g ' + g, L.groups[g].relevant, { id: g })) return false;
    return relevant('i ' + it.id, it.l.relevant, it);
  }

  /* An answer in words, for where it is piped. */
  function words(id) {
    var it = of[id], es, n, other;
    if (!it) return value(id);
    if (blank(id)) return '';
    if (it.kind == 'ranking') return ranked(it).map(function (r, i) { return i + 1 + '. ' + r.querySelector('label span').textContent; }).join(L.say.and);
    if (it.kind == 'date' || it.kind == 'date_time') return dated(iso(it));
    es = named(id);
    if (!es[0] || !/radio|checkbox/.test(es[0].type)) return value(id);
    n = es.filter(function (e) { return e.checked; }).map(function (e) {
      var said = e.closest('.opt').querySelector('span');
      return it.kind == 'scale_0_10' ? e.value : said.textContent || e.value;
    }).join(L.say.and);
    other = field(id + '__other');
    return n + (other ? L.say.colon + other : '');
  }
  /* A date in the order and with the month names of the language. */
  function dated(text) {
    var p = text.split(/[-T]/), month = p[1] && L.say.months[p[1] - 1], day;
    if (p.length < 2) return text;
    if (p.length < 3) return fill(L.say.month, [L.say.names[p[1] - 1], p[0]]);
    day = fill(+p[2] == 1 && L.say.first || L.say.day, [+p[2], month, p[0]]);
    return p[3] ? fill(L.say.time, [day, p[3]]) : day;
  }
  function piped(text) { return text.replace(/\$\{([^}]+)\}/g, function (m, id) { return words(id); }); }

  /* Puts the page in step with the answers. */
  function apply() {
    var shown = new Map(), again = 0;
    memo = {};
    seen = {};
    defaults();
    do {
      memo = {};
      seen = {};
    } while (items.filter(function (it) { return shows(it) && (filter(it) | fixed(it)); }).length && ++again < 9);
    items.forEach(function (it) {
      var on = shows(it), counts = on && !/calculated|hidden/.test(it.kind);
      it.w.hidden = !on;
      if (counts) (it.w.dataset['in'] || '').split(' ').concat(it.part.dataset.part + '/').forEach(function (g) { shown.set(g, 1); });
      if (on) need(it);
    });
    all(form, '[data-group]', function (h) { h.hidden = !shown.has(h.dataset.group); });
    all(form, '[data-part]', function (s) { if (shown.has(s.dataset.part + '/')) delete s.dataset.off; else s.dataset.off = '1'; });
    all(form, '[data-pipe]', function (e) { var now = words(e.dataset.pipe); if (e.textContent != now) e.textContent = now; });
  }
  /* Whether an answer is needed, and what is said if there is none. */
  function need(it) {
    var must = it.l.required && holds(it.l.required, env(it, it.vars[0] && value(it.vars[0])), false);
    if (!it.l.required && !it.l.need_say) return;
    all(it.w, '.q', function (q) {
      var mark = q.querySelector('.need');
      if (it.w.dataset.needs) {
        if (must) q.dataset.need = it.w.dataset.needs; else delete q.dataset.need;
        if (!mark) {
          mark = d.createElement('i');
          mark.className = 'need';
          mark.textContent = ' (' + L.say.need + ')';
          q.querySelector('legend span,label span').insertAdjacentElement('afterend', mark);
        }
        mark.hidden = !must;
      }
      if (q.dataset.need && it.l.need_say) q.dataset.need = piped(it.l.need_say);
    });
  }
  /* Choices that a filter hides; one that was chosen is chosen again when it is back. Says whether an answer changed. */
  function filter(it) {
    var changed = 0, e;
    if (!it.l.filter) return 0;
    e = env(it);
    all(it.w, '[data-n]', function (c) {
      var columns = it.l.columns[c.dataset.n], row = c.closest('.opt,.rank'), on;
      e.column = function (name) { return columns && columns[name] || ''; };
      on = !columns || holds(it.l.filter, e, true);
      if (row.hidden != on && (on || !c.checked)) return;
      row.hidden = !on;
      changed = 1;
      if (!on) {
        c.dataset.was = c.checked ? '1' : '';
        /* Choices of one code are told apart by the filter alone. */
        if (c.checked) named(it.id).forEach(function (x) { if (x != c && x.value == c.value && !x.closest('.opt').hidden) x.checked = true; });
        c.checked = false;
        return;
      }
      if (c.dataset.was && !(c.type == 'radio' && named(it.id).some(function (x) { return x.checked; }))) c.checked = true;
    });
    return changed;
  }
  /* What is worked out, or read only, is shown and cannot be changed. */
  function fixed(it) {
    var is = it.l.calculation || it.l.read_only && holds(it.l.read_only, env(it), false), now;
    if (!it.l.calculation && !it.l.read_only || it.kind == 'calculated') return 0;
    if (is) it.w.dataset.fixed = '1'; else delete it.w.dataset.fixed;
    all(it.w, 'input,textarea', function (e) { e.readOnly = !!is; });
    all(it.w, 'fieldset,select,[type=radio],[type=checkbox]', function (e) { if (is) e.setAttribute('aria-disabled', 'true'); else e.removeAttribute('aria-disabled'); });
    if (!it.l.calculation) return 0;
    now = value(it.id);
    return put(it, now);
  }
  /* Puts a text into the controls of an item; says whether they held another. */
  function put(it, text) {
    var es = named(it.id), codes = text.split(/\s+/), before, p;
    before = given(it.id, it);
    if (before == text) return 0;
    if (/^date/.test(it.kind)) {
      p = /^(\d{4})?(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d:\d\d))?/.exec(text);
      ['year', 'month', 'day', 'time'].forEach(function (name, i) {
        var e = named(it.id + '__' + name)[0];
        if (e) e.value = p[i + 1] ? i && i < 3 ? +p[i + 1] : p[i + 1] : '';
      });
    } else if (it.kind == 'ranking') {
      all(it.w, '.rank', function (r) { r.querySelector('select').value = codes.indexOf(r.dataset.code) + 1 || ''; });
    } else es.forEach(function (e) {
      if (!/radio|checkbox/.test(e.type)) e.value = text;
      else e.checked = it.kind == 'multiple_choice' ? codes.indexOf(e.value) >= 0 : e.value == text;
    });
    return given(it.id, it) != before;
  }
  /* Defaults that are worked out stand there until somebody answers. */
  function defaults() {
    items.forEach(function (it) {
      if (!it.l['default'] || touched[it.id] || !shows(it)) return;
      try { put(it, S.text(it.l['default'], env(it))); } catch (x) { return; }
      memo = {};
      seen = {};
    });
  }

  d.addEventListener('begin', function (e) {
    if (!form) set(e.target);
    draft = e.detail;
    touched = {};
    was = {};
    items.forEach(function (it) {
      if (draft.v) {
        touched[it.id] = steps(it.part) < (draft.p || 1) || draft.v.some(function (p) { return p[0].split('__')[0] == it.id; });
        all(it.w, 'input,textarea,select', function (x) { if (/radio|checkbox/.test(x.type)) x.checked = false; else x.value = ''; });
      } else if (it.l.hidden == 'link') linked(it);
    });
  });
  function steps(part) { return [].indexOf.call(form.querySelectorAll('section'), part); }
  function update(e) {
    var w = form && e.target.closest && e.target.closest('[data-item]');
    if (!form || busy) return;
    if (w) touched[w.dataset.item] = 1;
    busy = 1;
    apply();
    busy = 0;
  }
  d.addEventListener('change', update);
  d.addEventListener('input', function (e) { clearTimeout(update.t); update.t = setTimeout(function () { update(e); }, 150); });
  function place(control) { return [].indexOf.call(form.elements, named(control)[0] || named(control + '__day')[0] || named(control + '__1')[0]); }
  /* What cannot be changed takes neither click nor key. */
  ['click', 'keydown', 'mousedown'].forEach(function (what) {
    d.addEventListener(what, function (e) {
      var w = e.target.closest && e.target.closest('[data-fixed]');
      if (w && e.target.matches('input,select,label,label *') && e.key != 'Tab') e.preventDefault();
    }, true);
  });
  /* Before a step is left: constraints of what is shown there and was answered. What is wrong comes in the order of the form. */
  /* Whether a filter leaves anything to choose from; if not, no answer is needed. */
  function open(it) {
    return [].some.call(it.w.querySelectorAll('[data-n]'), function (c) { return !c.closest('.opt,.rank').hidden; });
  }
  function forget(bad, vars) {
    for (var i = bad.length; i--;) if (vars.indexOf(bad[i].control.split('__')[0]) >= 0) bad.splice(i, 1);
  }

  d.addEventListener('next', function (e) {
    apply();
    items.forEach(function (it) {
      if (it.part == e.detail.step && it.l.filter && !open(it)) forget(e.detail.bad, it.vars);
      if (it.part != e.detail.step || !it.l.constraint || !shows(it)) return;
      it.vars.forEach(function (id) {
        if (blank(id) || holds(it.l.constraint, env(it, value(id)), true)) return;
        e.detail.bad.push({ control: id, message: it.l.wrong_say ? piped(it.l.wrong_say) : L.say.wrong });
      });
    });
    e.detail.bad.sort(function (a, b) { return place(a.control) - place(b.control); });
  });
}());
