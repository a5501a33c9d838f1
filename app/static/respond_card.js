/* The code of a card. A scanned one stands behind # in the address, which no server sees: it is taken out of the */
/* address bar, kept until the form begins, and put into its place. A typed one is checked before its step is left. */
(function () {
  'use strict';
  var d = document, rest = d.getElementById('rest'), form = rest && rest.content && rest.content.querySelector('#answers');
  var input = form && form.querySelector('input.card');
  if (!input) return;
  var key = 's:' + form.dataset.key + 'k', found = /^#([0-9A-Za-z]{9})$/.exec(location.hash), scanned = found && found[1];
  function keep(v) { try { if (v) sessionStorage.setItem(key, v); else sessionStorage.removeItem(key); } catch (e) { return; } }
  function kept() { try { return sessionStorage.getItem(key); } catch (e) { return ''; } }
  if (location.hash) history.replaceState(history.state, '', location.pathname + location.search);
  if (scanned) keep(scanned); else scanned = kept();

  function put() {
    input.value = scanned.toUpperCase().replace(/(...)(?=.)/g, '$1-');
    input.closest('.q').querySelector('.read').hidden = false;
    scanned = '';
    keep();
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }
  function others() { return [].some.call(input.closest('.code').querySelectorAll('.instead input,.instead select'), function (x) { return x.type == 'radio' ? x.checked : x.value; }); }
  /* What is wrong with a code, in words; letters and digits of other scripts are the server's to read. */
  function wrong() {
    var signs = '23456789CDFHJKMNPRTVWXY', v = input.value.toUpperCase().replace(/[^0-9A-Z\u0080-\uffff]/g, ''), sum = 0, i, at;
    v = v.replace(/[SZBGU]/g, function (c) { return '5286V'['SZBGU'.indexOf(c)]; });
    if (!v || /[^0-9A-Z]/.test(v)) return '';
    if (v.length != 9) return input.dataset.signs;
    for (i = 0; i < 9; i++) {
      at = signs.indexOf(v[i]);
      if (at < 0) return input.dataset.check;
      sum += (9 - i) * at;
    }
    return sum % 23 ? input.dataset.check : '';
  }
  d.addEventListener('reset', function () { input.closest('.q').querySelector('.read').hidden = true; }, true);
  d.addEventListener('begin', function () { if (scanned) Promise.resolve().then(put); });
  d.addEventListener('change', function (e) {
    var box = input.parentNode.parentNode;
    if (others()) box.removeAttribute('data-ask'); else if (!input.dataset.either && !input.parentNode.dataset.need) box.setAttribute('data-ask', '');
    if (e.target == input) input.closest('.q').querySelector('.read').hidden = true;
  });
  d.addEventListener('next', function (e) {
    var q = input.closest('.q'), say;
    if (!e.detail.step.contains(input) || q.closest('[data-off],div[hidden]')) return;
    say = input.value.trim() ? !q.querySelector('.anyway input').checked && wrong() : !others() && input.dataset.either;
    if (say) e.detail.bad.push({ control: input.name, message: say });
  });
}());
