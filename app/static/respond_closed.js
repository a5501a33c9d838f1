/* On the page of a link that takes no answers: what was begun for it on this phone, and not sent, can be handed over, */
/* saved or thrown away by respond_later.js, which runs after this. */
(function () {
  'use strict';
  var link = location.pathname.split('/').slice(0, 3).join('/'), draft, words = document.querySelector('[data-begun]').dataset, body = new URLSearchParams();
  try { draft = JSON.parse(localStorage.getItem('s:' + link.split('/')[2])); } catch (e) {}
  if (!draft || !draft.v || draft.q) return;
  draft.v.forEach(function (p) { body.append(p[0], p[1]); });
  body.append('_id', draft.id); body.append('_started', draft.s); body.append('_sent', draft.t); body.append('_lang', document.documentElement.lang);
  if (draft.n) body.append('_version', draft.n);
  window.begun = [{ id: draft.id, u: link + '/submit', b: String(body), t: draft.t, e: { message: words.begun, late: words } }];
}());
