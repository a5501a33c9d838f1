// Live parts: the server sends the fragments it renders; without this the page refreshes itself.
const address = document.body.dataset.events;
if (address) {
  const source = new EventSource(address);
  source.onmessage = (message) => {
    for (const [id, html] of Object.entries(JSON.parse(message.data))) {
      const part = document.getElementById(id);
      if (part && part.outerHTML !== html) part.outerHTML = html;
    }
    if (fetchFile()) source.close();
  };
  addEventListener('pagehide', () => source.close());
}
// The file that the page waited for; not once more when somebody comes back to the page.
function fetchFile() {
  const file = document.querySelector('[data-go]');
  if (!file) return false;
  file.removeAttribute('data-go');
  file.click();
  return true;
}
if (performance.getEntriesByType('navigation')[0].type === 'navigate') fetchFile();
// Menus close by Escape, and when something else is pressed.
addEventListener('keydown', (event) => {
  const open = event.key === 'Escape' && document.querySelector('.menu[open]');
  if (!open) return;
  open.open = false;
  open.firstElementChild.focus();
});
addEventListener('click', (event) => {
  for (const open of document.querySelectorAll('.menu[open]')) if (!open.contains(event.target)) open.open = false;
});
// Decisions: ordinary forms, sent without leaving the page.
document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!form.matches('[data-live]')) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const again = (answer) => answer.ok || answer.status === 422 || answer.status === 409;
  try {
    const answer = await fetch(form.getAttribute('action'), { method: 'POST', body, headers: { 'Soundings-Fragment': '1' } });
    if (!again(answer)) throw new Error(answer.status);
    const card = form.closest('li');
    const id = card.id;
    card.outerHTML = await answer.text();
    const next = document.getElementById(id);
    next.tabIndex = -1;
    next.focus();
  } catch {
    // Not signed in any more, or no network: the browser sends it and shows what the server says.
    form.insertAdjacentHTML('beforeend', '<input type="hidden" name="do">');
    form.lastElementChild.value = event.submitter ? event.submitter.value : '';
    form.submit();
  }
});
// The pairing desk and the reading queue by keyboard: arrows move between the cards, a letter presses the button that has it.
const cards = () => [...document.querySelectorAll('[data-pair],[data-answer]')];
if (cards().length) {
  document.querySelector('[data-keys]').hidden = false;
  if (location.hash.startsWith('#pair-')) (document.getElementById(location.hash.slice(1)) || cards().at(-1)).focus();
  addEventListener('keydown', (event) => {
    if (event.target.matches('input,select,textarea') || event.ctrlKey || event.metaKey || event.altKey) return;
    const card = document.activeElement.closest('[data-pair],[data-answer]');
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const key = event.key.toLowerCase();
    const button = key === 'u' ? document.querySelector('[data-key=u]') : /^[arch]$/.test(key) && card && card.querySelector(`[data-key=${key}]`);
    const all = cards();
    if (step) (all[all.indexOf(card) + step] || card || all[0]).focus();
    else if (button) button.click();
    else return;
    event.preventDefault();
  });
}
// Quotes: what is ticked is replaced at once, and a passage is picked by selecting it.
const wordsOf = (node, ticked) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.dataset?.n !== undefined && ticked[node.dataset.n]) return node.dataset.with;
  return [...node.childNodes].map((child) => wordsOf(child, ticked)).join('');
};
const makeQuote = (card, part) => {
  const ticked = [...card.querySelectorAll('[data-replace]')].map((box) => box.checked);
  card.querySelector('[data-quote]').value = wordsOf(part, ticked).trim();
};
const written = (card) => {
  const text = card.querySelector('[data-written]');
  text.querySelectorAll('mark').forEach((mark, n) => (mark.dataset.n = n));
  return text;
};
const picks = () => {
  for (const line of document.querySelectorAll('[data-pick]')) line.hidden = false;
};
if (document.querySelector('[data-answer]')) {
  picks();
  new MutationObserver(picks).observe(document.querySelector('.answers'), { childList: true });
  document.addEventListener('change', (event) => {
    if (event.target.matches('[data-replace]')) makeQuote(event.target.closest('[data-answer]'), written(event.target.closest('[data-answer]')));
  });
  document.addEventListener('click', (event) => {
    if (!event.target.closest('[data-pick]')) return;
    const card = event.target.closest('[data-answer]');
    const text = written(card);
    const chosen = getSelection();
    if (chosen.isCollapsed || !text.contains(chosen.anchorNode) || !text.contains(chosen.focusNode)) return;
    const range = chosen.getRangeAt(0);
    for (const mark of text.querySelectorAll('mark')) {
      if (mark.contains(range.startContainer)) range.setStartBefore(mark);
      if (mark.contains(range.endContainer)) range.setEndAfter(mark);
    }
    makeQuote(card, range.cloneContents());
  });
}
for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.closest('[data-shown]').querySelector('blockquote').innerText);
    button.textContent = 'Copied';
  });
}
