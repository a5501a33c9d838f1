// Live parts: the server sends the fragments it renders; without this the page refreshes itself.
const address = document.body.dataset.events;
if (address) {
  const source = new EventSource(address);
  source.onmessage = (message) => {
    for (const [id, html] of Object.entries(JSON.parse(message.data))) {
      const part = document.getElementById(id);
      if (part && part.outerHTML !== html) part.outerHTML = html;
    }
    const file = document.querySelector('[data-go]');
    if (file) { // what the page waited for is there
      source.close();
      file.click();
    }
  };
  addEventListener('pagehide', () => source.close());
}
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
// The pairing desk by keyboard: arrows move between the cards, a letter presses the button that has it.
const pairs = [...document.querySelectorAll('[data-pair]')];
if (pairs.length) {
  document.querySelector('[data-keys]').hidden = false;
  if (location.hash.startsWith('#pair-')) (document.getElementById(location.hash.slice(1)) || pairs.at(-1)).focus();
  addEventListener('keydown', (event) => {
    if (event.target.matches('input,select,textarea') || event.ctrlKey || event.metaKey || event.altKey) return;
    const card = document.activeElement.closest('[data-pair]');
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const key = event.key.toLowerCase();
    const button = key === 'u' ? document.querySelector('[data-key=u]') : /^[ar]$/.test(key) && card && card.querySelector(`[data-key=${key}]`);
    if (step) (pairs[pairs.indexOf(card) + step] || card || pairs[0]).focus();
    else if (button) button.click();
    else return;
    event.preventDefault();
  });
}
