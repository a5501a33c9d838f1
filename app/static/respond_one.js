/* A form of one screen begins at once, unless answers are kept here that one may go on with. It has no page that shows */
/* what is not answered before it is sent, so that it asks once before it sends nothing. */
(function () {
  'use strict';
  var d = document, form = d.getElementById('answers'), b = d.querySelector('#start form .btn'), asked;
  if (!form) return;
  if (b && !b.classList.contains('alt') && !d.getElementById('start').hidden) b.click();
  d.addEventListener('submit', function (e) {
    var status = d.getElementById('status');
    if (e.target != form || asked) return;
    asked = ![].some.call(form.querySelectorAll('input:not([type=hidden]),textarea,select'), function (x) {
      return x.type == 'radio' || x.type == 'checkbox' ? x.checked : x.value.trim();
    });
    if (!asked) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    status.hidden = false;
    status.textContent = form.dataset.nothing;
  }, true);
}());
