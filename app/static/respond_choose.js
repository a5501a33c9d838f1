/* A card was scanned and several forms are open: its code, which stands behind # in the address, goes along to the one that is chosen. */
(function () {
  'use strict';
  if (!/^#[0-9A-Za-z]{9}$/.test(location.hash)) return;
  document.querySelectorAll('.btn,.langs a').forEach(function (a) { a.hash = location.hash; });
  history.replaceState(null, '', location.pathname + location.search);
}());
