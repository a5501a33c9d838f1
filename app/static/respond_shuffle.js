/* Another order of choices for each person, drawn from the id of their answers as questionnaire.Path.Choices does. */
(function () {
  'use strict';
  var d = document, utf8 = window.TextEncoder && new TextEncoder();
  /* FNV-1a over the bytes of a text, then the last steps of MurmurHash3: 32 bits. */
  function lot(text) {
    var h = 0x811c9dc5;
    utf8.encode(text).forEach(function (b) { h = Math.imul(h ^ b, 0x01000193); });
    h = Math.imul(h ^ h >>> 16, 0x85ebca6b);
    h = Math.imul(h ^ h >>> 13, 0xc2b2ae35);
    return (h ^ h >>> 16) >>> 0;
  }
  function code(row) { return row.dataset.code || row.querySelector('input').value; }
  /* A choice with words beside it is "other"; it and those that are no ordinary answer keep their places. */
  function moves(row) { return !row.matches('.or') && !(row.nextElementSibling && row.nextElementSibling.matches('.words')); }

  function each(f) {
    d.querySelectorAll('#answers [data-order]').forEach(function (order) { f(order, order.nextElementSibling.querySelector('.opts')); });
  }
  /* Each code is a value of its own: some have blanks. */
  function write(order, codes) {
    while (order.previousElementSibling && order.previousElementSibling.name == order.name) order.previousElementSibling.remove();
    codes.forEach(function (c, i) {
      var e = i < codes.length - 1 ? order.cloneNode() : order;
      if (e != order) { delete e.dataset.order; order.parentNode.insertBefore(e, order); }
      e.value = c;
    });
  }
  function rows(box) { return [].slice.call(box.querySelectorAll('.rank,.opt')); }

  d.addEventListener('begin', function (e) {
    if (utf8) each(function (order, box) {
      var item = order.name.slice(0, -7), drawn, places;
      box.defined = box.defined || rows(box).filter(moves); /* in the order of the definition */
      drawn = box.defined.map(function (row, i) { return [lot(e.detail.id + '\0' + item + '\0' + code(row)), i, row]; });
      drawn.sort(function (a, b) { return a[0] - b[0] || a[1] - b[1]; });
      places = rows(box).filter(moves).map(function (row) { var mark = d.createComment(''); box.replaceChild(mark, row); return mark; });
      places.forEach(function (mark, i) { box.replaceChild(drawn[i][2], mark); });
      box.shown = rows(box);
    });
  });
  /* What is sent is the order in which the choices stood at first, without those that a filter hides. */
  d.addEventListener('change', function () {
    each(function (order, box) { write(order, (box.shown || rows(box)).filter(function (row) { return !row.hidden; }).map(code)); });
  });
}());
