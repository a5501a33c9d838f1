/* Ranking by buttons: each choice has two, up and down, which work by keyboard and say what they did. */
/* The lists of numbers stay behind them and are what is sent. Nothing is ranked until somebody moves or confirms. */
(function () {
  'use strict';
  var d = document;
  function el(name, text, label) { var e = d.createElement(name); e.textContent = text; if (label) e.setAttribute('aria-label', label); if (name == 'button') e.type = 'button'; return e; }
  function rows(box) { return [].filter.call(box.querySelectorAll('.rank'), function (r) { return !r.hidden; }); }
  function list(row) { return row.querySelector('select'); }
  function text(row) { return row.querySelector('label span').textContent; }
  function put(sentence, words) { words.forEach(function (w, i) { sentence = sentence.replace('{' + i + '}', w); }); return sentence; }

  function set(box) {
    var hint = box.querySelector('.hint'), done = el('button', ''), said = el('span', '');
    hint.textContent = box.dataset.how;
    said.className = 'vh';
    said.setAttribute('role', 'status');
    done.className = 'done';
    done.onclick = function () {
      var ranked = box.dataset.ranked;
      number(box, ranked ? [] : rows(box));
      changed(box, ranked ? '' : box.dataset.kept);
    };
    rows(box).forEach(function (row) {
      list(row).hidden = true;
      row.querySelector('label').removeAttribute('for');
      row.insertBefore(el('b', ''), row.firstChild);
      [['up', '\u2191', -1], ['down', '\u2193', 1]].forEach(function (way) {
        var b = row.appendChild(el('button', way[1], put(box.dataset[way[0]], [text(row)])));
        b.className = way[0];
        b.onclick = function () { move(box, row, way[2], b); };
      });
    });
    box.appendChild(done);
    box.appendChild(said);
  }
  /* Ranks are the numbers of rows in their order; of the others there is none. */
  function number(box, ranked) {
    box.querySelectorAll('.rank').forEach(function (row) { list(row).value = ranked.indexOf(row) + 1 || ''; });
  }
  function move(box, row, by, button) {
    var all = rows(box), from = all.indexOf(row), to = from + by;
    if (to < 0 || to >= all.length) return;
    box.insertBefore(row, by < 0 ? all[to] : all[to].nextSibling);
    number(box, rows(box));
    changed(box, put(box.dataset.moved, [text(row), to + 1, all.length]));
    button.focus();
  }
  function changed(box, words) {
    box.querySelector('[role=status]').textContent = words;
    box.dispatchEvent(new Event('change', { bubbles: true }));
  }
  /* Shows what the lists hold: after a move, and after kept answers came back. */
  function sync(box) {
    var all = rows(box), q = box.closest('.q'), given = all.filter(function (r) { return list(r).value; });
    var ranked = given.length == all.length && all.length;
    if (ranked) {
      all.sort(function (a, b) { return list(a).value - list(b).value; });
      arrange(box, all);
    }
    number(box, ranked ? all : []);
    all.forEach(function (row, i) {
      row.querySelector('b').textContent = ranked ? i + 1 : '\u2013';
      off(row.querySelector('.up'), !i);
      off(row.querySelector('.down'), i == all.length - 1);
    });
    box.dataset.ranked = ranked ? '1' : '';
    box.querySelector('.done').textContent = ranked ? box.dataset.clear : box.dataset.keep;
    q.dataset.words = ranked ? all.map(function (r, i) { return i + 1 + '. ' + text(r); }).join('; ') : '';
  }
  /* Rows that stand right already stay: one that is moved in the page loses the focus. */
  function arrange(box, all) {
    if (rows(box).some(function (row, i) { return row != all[i]; })) all.forEach(function (row) { box.insertBefore(row, box.querySelector('.done')); });
  }
  function off(button, is) { if (is) button.setAttribute('aria-disabled', 'true'); else button.removeAttribute('aria-disabled'); }
  function each(f) { d.querySelectorAll('.ranks').forEach(f); }

  d.addEventListener('begin', function () { each(function (box) { if (!box.querySelector('.done')) set(box); }); });
  d.addEventListener('change', function () { each(function (box) { if (box.querySelector('.done')) sync(box); }); });
}());
