/* Works out the trees of expressions (JSON of surveys/expression.Tree) in the browser. */
/* The twin of that package: no parsing, no eval, no RegExp of an author's. The server's verdict is final. */
/* SoundingsLogic.truth(tree, env), .text(tree, env), .number(tree, env), .value(tree, env) */
/* value: a string, a number or a boolean; a date as text. They throw if a text is too long for a pattern: */
/* leave things as they are then. env, all but answer may be left out: */
/*   answer(name)          the answer of ${name} as text: a code, codes with blanks between, digits, a date; '' for none */
/*   self                  the answer itself, as text */
/*   column(name)          choice filter: a column of the choice looked at */
/*   label(name, code)     the label of a choice, for jr:choice-name */
/*   now                   milliseconds since 1970 */
/*   zone(ms)              how far clocks are ahead of UTC then, in milliseconds: SoundingsLogic.zone(name, minutes) */
/*   draw()                a random number from 0 to below 1 */
/* Functions of which few conditions make use are in respond_logic_more.js, included after it where they are called. */
/* zone(name, minutes) makes such a function of an IANA zone, fixed at minutes where the browser knows no zones. */
(function () {
  'use strict';
  var DAY = 864e5, env, F;
  var ISO = /^(\d{4})-(\d\d?)-(\d\d?)(?:[T\x20](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/;
  var WORDS = /^(?:[A-Z][a-z]+\x20)?([A-Z][a-z]+)\x20(\d\d?)\x20(\d{4})(?:\x20([\d:]{8})(?:\x20GMT([+-]\d{4}))?)?(?:\x20\(.*\))?$/;
  var MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

  /* Casts. A date is {d: days, t: text}; self::node() is {n: 1, t: text}, true in itself. */
  function text(v) { return typeof v == 'object' ? v.t : String(v); }
  function truth(v) { return typeof v == 'object' ? !!v.n || v.d == v.d : !!v; }
  function plain(v) { return v.n ? v.t : v; }
  function num(v) {
    v = plain(v);
    return typeof v == 'string' ? parse(v.trim()) : typeof v == 'object' ? v.d : +v;
  }
  function parse(s) { return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(s) || /^[+-]?Infinity$/.test(s) ? +s : iso(s); }

  /* Dates, in days since 1970-01-01T00:00Z. */
  function now() { return env.now == null ? Date.now() : env.now; }
  function ahead(ms) { return env.zone ? env.zone(ms) : 0; }
  function inZone(ms) { return ms - ahead(ms - ahead(ms)); }
  function clock(ms) { return new Date(ms + ahead(ms)).toISOString(); }
  function whole(days) {
    var ms = Math.trunc(days * DAY);
    return ms >= -62167219200000 && ms < 253402300800000 ? ms / DAY : NaN;
  }
  function iso(s) {
    var m = ISO.exec(s.trim()) || [], at = new Date(0), ms, off = m[8], o;
    at.setUTCFullYear(m[1], m[2] - 1, m[3]);
    ms = at.setUTCHours(m[4] || 0, m[5] || 0, m[6] || 0, ((m[7] || '') + '000').slice(0, 3));
    if (at.getUTCMonth() != m[2] - 1 || at.getUTCDate() != m[3] || m[4] > 23 || m[5] > 59 || m[6] > 59) return NaN;
    if (!off) ms = inZone(ms);
    else if (off != 'Z') {
      o = off.slice(-2);
      if (off.substr(1, 2) > 23 || o > 59) return NaN;
      ms -= (off[0] + 1) * (off.substr(1, 2) * 60 + +o) * 6e4;
    }
    return ms / DAY;
  }
  function read(s) {
    var m = /^(-?\d+)(\.\d+)?$/.exec(s);
    if (m) return whole(+m[1]);
    m = WORDS.exec(s);
    return iso(m ? m[3] + '-' + (MONTHS.indexOf(m[1]) / 3 + 1) + '-' + m[2] + (m[4] ? 'T' + m[4] + (m[5] || '') : '') : s);
  }
  function date(days) {
    var s = '', ms = Math.round(days * DAY), off, min;
    if (days == days) {
      s = clock(ms).slice(0, -1);
      off = ahead(ms);
      min = Math.floor(Math.abs(off) / 6e4);
      s = /T00:00:00.000$/.test(s) ? s.slice(0, -13) : s + (off < 0 ? '-' : '+') + new Date(min * 6e4).toISOString().slice(11, 16);
    }
    return { d: days, t: s };
  }
  function days(v) {
    v = plain(v);
    return typeof v == 'string' ? read(v) : typeof v == 'boolean' ? NaN : typeof v == 'number' ? whole(v) : v.d;
  }
  /* Operators. */
  function numeric(v) { return typeof v != 'string' || iso(v) == iso(v); }
  function both(a, b, f) {
    a = plain(a);
    b = plain(b);
    var x = typeof a == 'object' && typeof b == 'string', y = typeof b == 'object' && typeof a == 'string';
    return f(y ? read(a) : num(a), x ? read(b) : num(b));
  }
  function equal(a, b) {
    if (typeof a == 'boolean' || typeof b == 'boolean') return truth(a) == truth(b);
    a = plain(a);
    b = plain(b);
    return numeric(a) || numeric(b) ? both(a, b, (x, y) => x == y) : a == b;
  }
  var O = {
    '<': (a, b) => a < b, '<=': (a, b) => a <= b,
    '>': (a, b) => a > b, '>=': (a, b) => a >= b,
    '+': (a, b) => a + b, '-': (a, b) => a - b,
    '*': (a, b) => a * b, div: (a, b) => a / b, mod: (a, b) => a % b
  };
  function ask(f, name) { return f ? f(name) : ''; }
  function ev(t) {
    var op = t[0], i, v;
    switch (op) {
      case 'num': case 'str': return t[1];
      case 'ref': return ask(env.answer, t[1]);
      case 'column': return ask(env.column, t[1]);
      case 'self': return env.self || '';
      case 'node': return { n: 1, t: env.self || '' };
      case 'call': return call(t[1], t.slice(2));
      case 'or': case 'and':
        for (i = 1; i < t.length; i++) if (truth(ev(t[i])) == (op == 'or')) return op == 'or';
        return op == 'and';
      case 'neg': return -num(ev(t[1]));
      case '|': return ev(t[1]);
    }
    v = ev(t[1]);
    for (i = 2; i < t.length; i++) v = op == '=' ? equal(v, ev(t[i])) : op == '!=' ? !equal(v, ev(t[i])) : both(v, ev(t[i]), O[op]);
    return v;
  }

  /* Functions take s(i) and n(i), argument i as text and as a number, and the arguments as trees. */
  function call(name, a) {
    return F[name](i => text(ev(a[i])), i => num(ev(a[i])), a);
  }
  function own(a) { return a.length ? ev(a[0]) : env.self || ''; }
  function parts(a) {
    return a.reduce((all, t) => all.concat(t[0] == '|' ? t.slice(1) : [t]), []);
  }
  function each(a, f) { return parts(a).map(t => f(ev(t))); }
  function math(name) { return (s, n) => Math[name](n(0)); }
  function yes(v) { return () => v; }
  function away(x) { return x < 0 ? -Math.round(-x) : Math.round(x); }
  function extreme(f) {
    return (s, n, a) => a.length ? f.apply(0, each(a, num)) : NaN;
  }
  function list(s) { return s.split(' '); }
  F = {
    'true': yes(true), 'false': yes(false),
    not: (s, n, a) => !truth(ev(a[0])),
    'boolean': (s, n, a) => truth(ev(a[0])),
    'if': (s, n, a) => ev(a[truth(ev(a[0])) ? 1 : 2]),
    coalesce: s => s(0) || s(1),
    once: s => env.self || s(0),
    'int': math('trunc'), floor: math('floor'), ceiling: math('ceil'),
    round: (s, n, a) => {
      var digits = a[1] ? Math.trunc(n(1)) : 0, scale = Math.pow(10, Math.abs(digits));
      return digits > 0 ? away(n(0) * scale) / scale : scale * away(n(0) / scale);
    },
    number: (s, n, a) => num(own(a)),
    sum: (s, n, a) => each(a, num).reduce(O['+'], 0),
    min: extreme(Math.min), max: extreme(Math.max),
    'count-non-empty': (s, n, a) => each(a, text).filter(Boolean).length,

    date: (s, n, a) => date(days(ev(a[0]))),
    today: () => date(iso(clock(now()).slice(0, 10))),
    now: () => date(now() / DAY),

    selected: s => list(s(0)).indexOf(s(1).trim()) >= 0,
    'selected-at': (s, n) => list(s(0))[Math.trunc(n(1))] || '',
    'count-selected': s => list(s(0)).filter(Boolean).length,
    'choice-name': s => env.label ? env.label(s(1).replace(/[${}\s]/g, ''), s(0)) : s(0),
    string: (s, n, a) => text(own(a)),
    'string-length': (s, n, a) => Array.from(text(own(a))).length,
    concat: (s, n, a) => each(a, text).join(''),
    join: (s, n, a) => each(a.slice(1), text).join(s(0)),
    contains: s => s(0).indexOf(s(1)) >= 0,
    'starts-with': s => s(0).startsWith(s(1))
  };
  F['date-time'] = F.date;
  F['jr:choice-name'] = F['choice-name'];

  function run(cast) {
    return (tree, e) => {
      var outer = env;
      env = e;
      try { return cast(ev(tree)); } finally { env = outer; }
    };
  }
  window.SoundingsLogic = {
    truth: run(truth), text: run(text), number: run(num),
    value: run(v => typeof v == 'object' ? v.t : v),
    more: f => f(F, { ev, text, num, truth, plain, parts, own, iso, days, clock, now, math, MONTHS }, () => env),
    zone: (name, minutes) => {
      var f, n = 'numeric';
      try { f = new Intl.DateTimeFormat('en-US', { timeZone: name, hour12: false, year: n, month: n, day: n, hour: n, minute: n, second: n }); } catch (e) { f = 0; }
      return ms => {
        var p = f && f.format(ms).match(/\d+/g);
        return p ? Date.UTC(p[2], p[0] - 1, p[1], p[3] % 24, p[4], p[5]) - Math.floor(ms / 1000) * 1000 : minutes * 6e4;
      };
    }
  };
}());
