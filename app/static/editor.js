// The editor: ordinary forms, saved as they change and put in place without leaving the page.
// Without this script every form has its button and every row its address.
const bench = document.querySelector('[data-bench]');
const byId = (id) => document.getElementById(id);
const say = (sentence) => { const said = byId('said'); if (said) { said.textContent = ''; said.textContent = sentence || ''; } };

// What the server answers: parts of the page by id, a sentence, where to go on.
async function ask(address, body) {
  const answer = await fetch(address, { method: body ? 'POST' : 'GET', body, headers: { 'Soundings-Fragment': '1' } });
  if (!(answer.headers.get('Content-Type') || '').includes('json')) throw new Error(answer.status);
  return answer.json();
}
function reloadPreview(address) {
  const frame = document.querySelector('#preview iframe');
  if (!frame) return;
  const next = new URL(address || frame.src, location.href);
  const pressed = document.querySelector('#preview [aria-pressed=true]');
  if (pressed) next.searchParams.set('lang', pressed.dataset.lang);
  frame.src = next.href;
}
// The frame shows the item that is open: scrolled inside, so that the page around it stays.
document.addEventListener('load', (event) => {
  const frame = event.target;
  if (!frame.matches?.('#preview iframe')) return;
  const name = CSS.escape(new URL(frame.src).searchParams.get('at') ?? '');
  const at = name && frame.contentDocument?.querySelector(`:is([name="${name}"],[name^="${name}__"]):not([type=hidden])`);
  if (at) frame.contentWindow.scrollTo(0, at.getBoundingClientRect().top + frame.contentWindow.scrollY - 160);
}, true);
function putParts(parts, except) {
  for (const [id, html] of Object.entries(parts || {})) {
    const part = byId(id);
    if (part && id !== except) part.outerHTML = html;
  }
}
function focusOn(id) {
  const part = id && byId(id);
  if (!part) return;
  if (!part.matches('a,button,input,select,textarea,[tabindex]')) part.tabIndex = -1;
  for (let box = part.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
  part.focus();
}

// A save may give the open item its id, made of its words: what was pressed before means the item still.
const shownItem = () => byId('fields')?.getAttribute('action').split('/').pop();
const meant = (words, was, between) => words.split(between).map((word) => (was && word === was ? shownItem() || was : word)).join(between);

// Opening a form beside the outline.
async function open(address, keepFocus) {
  const was = shownItem();
  await settled();
  address = meant(address, was, '/');
  try {
    const answer = await ask(address);
    if (answer.go) return open(answer.go);
    byId('form').outerHTML = answer.parts.form;
    const form = byId('form');
    if (bench.querySelector('#outline')) form.classList.add('card');
    history.pushState({ form: address }, '', address);
    mark(address);
    const frame = form.querySelector('[data-preview]');
    if (frame) reloadPreview(frame.dataset.preview);
    if (!keepFocus) focusOn(answer.focus || 'form-title');
  } catch { location.href = address; }
}
function mark(address) {
  const path = new URL(address, location.href).pathname;
  for (const link of document.querySelectorAll('#outline [data-open]')) {
    if (link.pathname === path) link.setAttribute('aria-current', 'true'); else link.removeAttribute('aria-current');
  }
}
document.addEventListener('click', async (event) => {
  const link = event.target.closest('a');
  if (!bench || !link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.matches('[data-open]')) { event.preventDefault(); open(link.href); }
  if (link.matches('[data-add]')) {
    event.preventDefault();
    await settled();
    const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), 'text/html');
    const pane = byId('form');
    pane.replaceChildren(...page.querySelector('main').children);
    pane.querySelector('.crumbs')?.remove();
    focusOn(pane.querySelector('h1').id = 'form-title');
  }
  if (link.matches('[data-back]') && byId('outline')) { event.preventDefault(); await settled(); byId('outline').focus(); byId('outline').scrollIntoView(); }
});
addEventListener('popstate', () => location.reload());

// A press is a click only where what it began on still stands when it ends, and a press in
// another field is what sends a form: its answer waits until the press is over.
let press = null;
document.addEventListener('pointerdown', () => {
  press = new Promise((over) => {
    const soon = () => setTimeout(over);
    for (const end of ['pointerup', 'pointercancel']) addEventListener(end, soon, { once: true, capture: true });
    setTimeout(over, 2000);
  });
}, true);

// Saving as one goes. One save at a time; what is typed meanwhile goes with the next.
let saving = null, again = false, dirty = false;
const state = (words, wrong) => {
  const line = document.querySelector('[data-state]');
  if (line) { line.textContent = words; line.classList.toggle('error', Boolean(wrong)); }
};
const settled = async () => { if (dirty && !saving) save(); while (saving) await saving; };
function save(button) {
  const form = byId('fields');
  if (!form) return;
  if (saving) { again = true; return; }
  const sent = new FormData(form);
  if (button) sent.append('do', button.value);
  if (!button) for (const late of form.querySelectorAll('[data-late]')) sent.delete(late.name);
  dirty = false;
  state('Saving …');
  saving = ask(form.getAttribute('action'), new URLSearchParams(sent)).then(async (answer) => { await press; take(form, sent, answer, button); }, () => {
    dirty = true;
    state('Not saved: no connection, or you are signed out. What you typed is still here; press Save to try again.', true);
  }).finally(() => { saving = null; if (again) { again = false; save(); } });
}
// A button waits for the save under way; what it sends has everything typed in it.
async function send(button) {
  const was = shownItem();
  while (saving) await saving;
  if (button) button.value = meant(button.value, was, ':');
  save(button);
}
const shape = (form) => [...form.elements].filter((e) => e.name && e.type !== 'submit').map((e) => e.tagName + (e.options ? e.options.length : '') + e.name + (e.name.endsWith('.was') ? '=' + e.value : '')).join('|') + form.querySelectorAll('.error').length;
function take(form, sent, answer, button) {
  const box = document.createElement('template');
  box.innerHTML = answer.parts.form;
  const fresh = box.content.querySelector('#fields');
  if (answer.path && answer.path !== location.pathname) history.replaceState({ form: answer.path }, '', answer.path);
  if (fresh && !button && answer.saved && fresh.getAttribute('action') === form.getAttribute('action') && shape(fresh) === shape(form) && !document.querySelector('#form .summary')) {
    settle(form, fresh, sent);
    byId('form-title').textContent = box.content.querySelector('#form-title').textContent;
  } else putForm(form, sent, box.content.firstElementChild, answer, button);
  putParts(answer.parts, 'form');
  mark(location.href);
  say(answer.say);
  state(answer.saved ? 'Saved.' : answer.say, !answer.saved);
  if (!answer.saved) dirty = Boolean(byId('fields'));
  if (answer.preview) reloadPreview(document.querySelector('#form [data-preview]')?.dataset.preview);
}
// Takes over what the server made of the same form, but for what was typed since it was sent or waits for its button.
function settle(form, fresh, sent) {
  const all = (f) => [...f.elements].filter((e) => e.name && e.type !== 'submit');
  const now = all(fresh);
  all(form).forEach((old, i) => { if (!old.matches('[type=checkbox],[type=radio],[data-late]') && old.value === (sent.get(old.name) ?? old.value)) old.value = now[i].value; });
}
// Puts another form in place of this one: what was typed since it was sent stays, and so does the place.
function putForm(form, sent, fresh, answer, button) {
  const here = document.activeElement, place = here && form.contains(here) && here.id;
  const range = place && here.selectionStart !== undefined && here.selectionStart !== null && [here.selectionStart, here.selectionEnd];
  const typed = [...form.elements].filter((e) => e.matches('input[type=text],textarea,select') && (sent.has(e.name) ? e.value !== sent.get(e.name) : e.matches('[data-late]') && e.value));
  const opened = [...form.querySelectorAll('details[open]>summary')].map((s) => s.textContent);
  byId('form').replaceWith(fresh);
  if (bench.querySelector('#outline')) fresh.classList.add('card');
  for (const old of typed) { const now = byId(old.id); if (now) { now.value = old.value; again = again || !old.matches('[data-late]'); } }
  for (const summary of fresh.querySelectorAll('details>summary')) if (opened.includes(summary.textContent)) summary.parentElement.open = true;
  const wrong = fresh.querySelector('.summary');
  if (answer.focus) focusOn(answer.focus);
  else if (wrong && (button || !byId('fields'))) wrong.focus();
  else if (place) { focusOn(place); if (range && byId(place)) try { byId(place).setSelectionRange(...range); } catch { /* a list has no text */ } }
  else if (button) focusOn(button.id || 'form-title');
}
document.addEventListener('input', (event) => { if (event.target.closest('[data-editor]')) dirty = true; });
document.addEventListener('change', (event) => {
  if (event.target.id === 'beside') { open(event.target.form.getAttribute('action') + '?beside=' + event.target.value); return; }
  if (event.target.closest('[data-editor]') && !event.target.matches('[data-late]')) { dirty = true; save(); }
});
// What was typed and taken back again makes no change.
document.addEventListener('focusout', (event) => { if (event.target.closest('[data-editor]') && !event.target.matches('[data-late]') && dirty && !saving) save(); });
addEventListener('beforeunload', (event) => { if (dirty || saving) event.preventDefault(); });

// The outline's buttons.
async function change(form, body, focus) {
  const was = shownItem();
  await settled();
  body.set('do', meant(body.get('do'), was, ':'));
  let answer;
  try { answer = await ask(form.getAttribute('action'), body); } catch {
    // Not signed in any more, or no network: the browser sends it and shows what the server says.
    form.insertAdjacentHTML('beforeend', '<input type="hidden" name="do">');
    form.lastElementChild.value = body.get('do');
    form.submit();
    return;
  }
  putParts(answer.parts);
  say(answer.say);
  if (answer.go) return open(answer.go);
  if (answer.preview) reloadPreview();
  const shown = document.querySelector('#form [data-editor]');
  if (shown && !(await stands(shown.getAttribute('action')))) closeForm();
  focusOn(focus || answer.focus);
}
// Whether what the open form is about is still there; if so it is shown as it is now.
async function stands(address) {
  try { byId('form').outerHTML = (await ask(address)).parts.form; } catch { return false; }
  if (bench.querySelector('#outline')) byId('form').classList.add('card');
  mark(address);
  return true;
}
function closeForm() {
  const outline = bench.dataset.path;
  if (!byId('outline')) { location.href = outline; return; }
  byId('form').replaceChildren();
  history.pushState(null, '', outline);
}
document.addEventListener('submit', (event) => {
  const form = event.target, button = event.submitter;
  if (!bench || !(form.matches('[data-editor],[data-conflict]') || form.matches('[data-outline]'))) return;
  if (button && button.getAttribute('aria-disabled') === 'true') { event.preventDefault(); return; }
  event.preventDefault();
  if (form.matches('[data-editor]')) { send(button); return; }
  if (form.matches('[data-conflict]')) { form.id = 'fields'; save(button); return; }
  change(form, new URLSearchParams(new FormData(form, button)));
});
document.addEventListener('keydown', (event) => {
  const row = event.target.closest?.('[data-item]');
  if (!row || !event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(row.closest('form')));
  body.set('do', (event.key === 'ArrowUp' ? 'up:' : 'down:') + row.dataset.item);
  change(row.closest('form'), body, event.target.id);
});

// Dragging by the grip.
let held = null;
document.addEventListener('pointerdown', (event) => { const row = event.target.closest('.grip')?.closest('[data-item]'); if (row) row.draggable = true; });
document.addEventListener('dragstart', (event) => { held = event.target.closest?.('[data-item]'); if (held) { held.classList.add('held'); event.dataTransfer.effectAllowed = 'move'; event.dataTransfer.setData('text/plain', held.dataset.item); } });
const under = (event) => {
  const part = event.target.closest?.('[data-part]');
  if (!held || !part) return null;
  const before = [...part.querySelectorAll('[data-item]')].find((row) => { const box = row.getBoundingClientRect(); return row !== held && event.clientY < box.top + box.height / 2; });
  return { part, before };
};
const unmark = () => { for (const row of document.querySelectorAll('.over')) row.classList.remove('over'); };
document.addEventListener('dragover', (event) => {
  const target = under(event);
  if (!target) return;
  event.preventDefault();
  unmark();
  (target.before || target.part.querySelector('.items')).classList.add('over');
});
document.addEventListener('drop', (event) => {
  const target = under(event);
  if (!target) return;
  event.preventDefault();
  const form = held.closest('form'), body = new URLSearchParams(new FormData(form));
  body.set('do', `place:${held.dataset.item}:${target.part.dataset.part}:${target.before ? target.before.dataset.item : ''}`);
  change(form, body);
});
document.addEventListener('dragend', () => { unmark(); if (held) { held.classList.remove('held'); held.draggable = false; } held = null; });

// The preview's languages.
document.addEventListener('click', (event) => {
  const button = event.target.closest('#preview [data-lang]');
  if (!button) return;
  for (const other of document.querySelectorAll('#preview [data-lang]')) other.setAttribute('aria-pressed', String(other === button));
  reloadPreview();
});
