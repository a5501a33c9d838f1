/* First script of a questionnaire in a room's frame. Whatever the scripts after it keep, and every step of the */
/* browser's history, is kept in the memory of this document, which is thrown away after each person: nothing of */
/* one reaches the tablet's storage. What is sent goes to the frame around, room.js. */
(function () {
  'use strict';
  var d = document, room = window.frameElement && parent.room, memory, steps, at;
  if (!room) return;
  memory = room.carried || { localStorage: {}, sessionStorage: {}, step: null };
  room.carried = null;
  window.room = room;
  Object.keys(memory).forEach(function (name) {
    if (name == 'step') return;
    var kept = memory[name];
    Object.defineProperty(window, name, { value: {
      getItem: function (k) { return k in kept ? kept[k] : null; },
      setItem: function (k, v) { kept[k] = String(v); },
      removeItem: function (k) { delete kept[k]; }
    } });
  });
  /* A history of its own: Back leads from step to step and never to the person before. */
  steps = [memory.step];
  at = 0;
  Object.defineProperty(history, 'state', { get: function () { return steps[at]; } });
  history.pushState = function (s) { steps.length = ++at; steps.push(s); };
  history.replaceState = function (s) { steps[at] = s; };
  history.back = function () {
    if (at) at--;
    setTimeout(function () { dispatchEvent(new PopStateEvent('popstate', { state: steps[at] })); });
  };
  window.fetch = function (address, how) { return room.post(address, how, d); };
  d.addEventListener('begin', function () { room.begun(); });
  d.addEventListener('click', function (e) {
    var a = e.target.closest('a'), to;
    if (!a) return;
    if (a.closest('footer') && /^\//.test(a.getAttribute('href'))) {
      e.preventDefault();
      open(a.getAttribute('href'));
    } else if (a.closest('.langs')) {
      e.preventDefault();
      memory.step = steps[at];
      room.speak(a.lang, memory);
    } else if (/^#./.test(a.getAttribute('href')) && !e.defaultPrevented) {
      e.preventDefault();
      to = d.getElementById(a.getAttribute('href').slice(1));
      if (to) { if (to.tabIndex < 0) to.tabIndex = -1; to.focus(); }
    }
  });
  /* What the foot of the page leads to is shown in this document, which is thrown away after this person. Nothing of it */
  /* is kept on the tablet: it is sent while there is network, or not at all. */
  function open(to, how) {
    var foot = d.querySelector('footer'), box = d.getElementById('opened') || foot.appendChild(d.createElement('div')), had = box.querySelector('form');
    box.id = 'opened';
    room.touch();
    parent.fetch(to, Object.assign({ credentials: 'omit', cache: 'no-store' }, how)).then(function (r) { return r.text(); }).then(function (text) {
      var main = new DOMParser().parseFromString(text, 'text/html').querySelector('main'), h;
      box.textContent = '';
      box.append.apply(box, main.childNodes);
      box.querySelectorAll('form').forEach(function (f) { f.autocomplete = 'off'; });
      h = box.querySelector('[role=alert],h1');
      h.tabIndex = -1;
      h.focus();
    }).catch(function () {
      var p = d.createElement('p');
      p.setAttribute('role', 'alert');
      p.textContent = foot.dataset.lost;
      if (had) had.appendChild(p); else box.replaceChildren(p);
    });
  }
  d.addEventListener('submit', function (e) {
    var f = e.target;
    if (!f.closest('#opened')) return;
    e.preventDefault();
    open(f.getAttribute('action'), { method: 'POST', body: new URLSearchParams(new FormData(f)) });
  });
  addEventListener('DOMContentLoaded', function () {
    d.querySelectorAll('form').forEach(function (f) { f.autocomplete = 'off'; });
    /* What leads away from the tablet's page, and the button that its bar has too. */
    d.querySelectorAll('#thanks a,#thanks form').forEach(function (e) { e.remove(); });
    d.querySelectorAll('footer [rel=noreferrer]').forEach(function (e) { e.replaceWith(e.textContent); });
    ['pointerdown', 'keydown', 'input', 'wheel', 'touchmove'].forEach(function (name) { addEventListener(name, room.touch, { capture: true, passive: true }); });
  });
}());
