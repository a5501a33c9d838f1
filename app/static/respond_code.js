/* A self-made code is shown back once, before its step is left, for the person to look at. */
(function () {
  'use strict';
  var d = document, seen = '';
  function word(q) {
    var x = q.querySelector('select,:checked,input[type=text]');
    if (!x || !x.value) return '';
    if (x.options) return x.options[x.selectedIndex].text;
    return x.type == 'radio' ? x.parentNode.textContent.trim() : x.value.trim().toUpperCase();
  }
  function words(c) { return [].map.call(c.querySelectorAll('.q'), function (q) { return q.querySelector('.card') ? null : word(q); }).filter(function (w) { return w != null; }); }
  d.addEventListener('submit', function (e) {
    var c = e.target.querySelector('section:not([hidden]) .code'), box = c && c.querySelector('.look'), own;
    if (!box || c.closest('div[hidden]')) return;
    own = words(c);
    box.hidden = true;
    box.querySelector('.mine').textContent = '';
    if (own.indexOf('') >= 0 || own.join('|') == seen) return;
    seen = own.join('|');
    own.forEach(function (w) { box.querySelector('.mine').appendChild(d.createElement('bdi')).textContent = w; });
    box.hidden = false;
    box.focus();
    e.preventDefault();
    e.stopImmediatePropagation();
  }, true);
  /* Another person begins: nothing of the one before stays. */
  d.addEventListener('reset', function (e) {
    seen = '';
    e.target.querySelectorAll('.look').forEach(function (box) { box.hidden = true; box.querySelector('.mine').textContent = ''; });
  }, true);
}());
