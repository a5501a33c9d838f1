/* The functions of expressions that few conditions call, for respond_logic.js; see there. */
/* app/respond_live.go includes it where one of them is called. */
SoundingsLogic.more((F, h, env) => {
  'use strict';
  var DAY = 864e5, chars = Array.from, ev = h.ev, text = h.text, math = h.math, left;

  function format(d, pattern) {
    if (d != d) return '';
    var at = h.clock(Math.round(d * DAY)), p = at.split(/\D/), m = p[1];
    var codes = {
      '%': '%', Y: p[0], y: at.slice(2, 4), m: m, n: +m, b: h.MONTHS.substr(m * 3 - 3, 3), d: p[2], e: +p[2],
      a: 'SunMonTueWedThuFriSat'.substr(new Date(at).getUTCDay() * 3, 3), H: p[3], h: +p[3], M: p[4], S: p[5], 3: p[6]
    };
    return pattern.replace(/%([^]?)/g, (all, c) => {
      if (!codes.hasOwnProperty(c)) throw Error(all);
      return codes[c];
    });
  }

  /* A pattern is walked with all places at which it can stand, so that none can run away. */
  function match(r, s, from) {
    var to = [], seen = {}, op = r[0], now = from, i;
    function add(p) { return !seen[p] && (seen[p] = to.push(p)); }
    function word(p) { return /\w/.test(s[p] || ''); }
    if ((left -= from.length + 1) < 0) throw Error('regex');
    if (typeof r == 'string') {
      r = chars(r);
      from.forEach(p => { if (r.every((c, k) => s[p + k] == c)) add(p + r.length); });
    } else if (op == '&') {
      for (i = 1; i < r.length; i++) now = match(r[i], s, now);
      return now;
    } else if (op == '|') {
      for (i = 1; i < r.length; i++) match(r[i], s, from).forEach(add);
    } else if (op == '*') {
      for (i = 0; i < r[1]; i++) now = match(r[3], s, now);
      now.forEach(add);
      for (; now.length && i != r[2]; i++) now = match(r[3], s, now).filter(add);
    } else from.forEach(p => {
      var c = s[p] && s[p].codePointAt(0), k;
      if (op == 'c') {
        for (k = 1; k < r.length; k += 2) if (c >= r[k] && c <= r[k + 1]) add(p + 1);
      } else if (op == '^' ? !p : op == '$' ? p == s.length : op == 'm^' ? !p || s[p - 1] == '\n' : op == 'm$' ? p == s.length || s[p] == '\n' : (word(p - 1) != word(p)) == (op == 'b')) add(p);
    });
    return to;
  }

  function ticked(t) {
    var v = ev(t);
    return /^(ref|self|node|\|)$/.test(t[0]) ? !!text(v).trim() : h.truth(v);
  }
  function within(n, least, most) { return (least < 0 || n >= least) && (most < 0 || n <= most); }
  function draw() { return (env().draw || Math.random)(); }

  Object.assign(F, {
    pi: () => Math.PI, random: draw,
    uuid: (s, n, a) => {
      var base = a.length ? 36 : 16, shape = a.length ? 'x'.repeat(Math.max(0, Math.min(n(0), 1000)) || 0) : 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx';
      return shape.replace(/[xy]/g, c => Math.floor(c == 'y' ? 8 + draw() * 4 : draw() * base).toString(base));
    },
    abs: math('abs'), sqrt: math('sqrt'), exp: math('exp'), log: math('log'), log10: math('log10'),
    exp10: (s, n) => Math.pow(10, n(0)),
    pow: (s, n) => Math.pow(n(0), n(1)),

    'decimal-date-time': (s, n, a) => {
      var v = h.plain(ev(a[0]));
      return typeof v == 'string' ? h.iso(v) : typeof v == 'boolean' ? NaN : h.num(v);
    },
    'decimal-time': (s, n, a) => {
      var v = h.plain(ev(a[0])), d = typeof v == 'string' ? h.iso(h.clock(h.now()).slice(0, 11) + v) : NaN, p;
      if (d != d) return d;
      p = h.clock(Math.round(d * DAY)).split(/\D/);
      return (p[5] / 3600 + p[4] / 60 + +p[3]) / 24;
    },
    'format-date': (s, n, a) => format(h.days(ev(a[0])), s(1)),

    checklist: (s, n, a) => within(h.parts(a.slice(2)).filter(ticked).length, n(0), n(1)),
    'weighted-checklist': (s, n, a) => {
      var sum = 0, i;
      for (i = 2; i + 1 < a.length; i += 2) if (ticked(a[i])) sum += n(i + 1) || 0;
      return within(sum, n(0), n(1));
    },
    'boolean-from-string': (s, n, a) => {
      var v = ev(a[0]);
      return typeof v == 'number' && v > 0 && v % 1 == 0 || text(v) == '1' || text(v) == 'true';
    },
    regex: (s, n, a) => {
      var t = s(0), c = chars(t.slice(0, 1e4));
      left = t.length > 1e4 ? 0 : 2e5;
      return match(a[2], c, [0]).indexOf(c.length) >= 0;
    },

    'normalize-space': (s, n, a) => text(h.own(a)).split(/[^\S\f\v]+/).filter(Boolean).join(' '),
    'ends-with': s => s(0).endsWith(s(1)),
    substr: (s, n, a) => chars(s(0)).slice(n(1), a[2] && n(2)).join(''),
    substring: (s, n, a) => {
      var from = Math.floor(n(1) + 0.5), end = a[2] ? from + Math.floor(n(2) + 0.5) : Infinity;
      return chars(s(0)).filter((c, i) => i + 1 >= from && i + 1 < end).join('');
    },
    'substring-before': s => { var t = s(0); return t.slice(0, Math.max(0, t.indexOf(s(1)))); },
    'substring-after': s => { var t = s(0), part = s(1), at = t.indexOf(part); return at < 0 ? '' : t.slice(at + part.length); },
    translate: s => {
      var from = chars(s(1)), to = chars(s(2));
      return chars(s(0)).map(c => { var i = from.indexOf(c); return i < 0 ? c : to[i] || ''; }).join('');
    }
  });
  F['format-date-time'] = F['format-date'];
});
