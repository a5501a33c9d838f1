// Keying forms in: every answer is one key, words end with Enter, and a form that is done is stored while the next is keyed.
const form = document.getElementById('entry');
if (form) keyIn(form);

function keyIn(form) {
  document.documentElement.classList.add('scripted');
  const lines = [...form.querySelectorAll('.l')].map(lineOf);
  const echo = document.getElementById('echo');
  const said = document.getElementById('said');
  const number = form.elements._form;
  const queue = queueOf(form, { tell, open: openForm });
  let at = 0;
  let typed = ''; // of a key with several signs
  let byItself = false; // a full line went on and no key came since

  // One line of the screen: a group of boxes, a line to write in, or the button.
  function lineOf(el) {
    const line = { el, kind: el.dataset.kind, of: el.dataset.of, no: el.dataset.no || '' };
    line.input = el.querySelector('input:not([type=radio]):not([type=checkbox]),textarea,button');
    line.mark = el.querySelector('.mark');
    line.boxes = new Map([...el.querySelectorAll('[data-key]')].map((box) => [box.dataset.key, box]));
    line.other = el.classList.contains('other') ? el.dataset.if : '';
    return line;
  }

  const skipped = (line) => line.other && !form.querySelector(`[name="${line.other}"][data-other]:checked`);

  function go(to) {
    const step = to < at ? -1 : 1;
    while (lines[to] && skipped(lines[to])) to += step;
    if (!lines[to]) return;
    lines[at].el.classList.remove('now');
    at = to;
    typed = '';
    const { el, input } = lines[at];
    el.classList.add('now');
    (input || el).focus({ preventScroll: true });
    if (input && input.select && input.value) input.select();
    const { top, bottom } = el.getBoundingClientRect();
    if (top < innerHeight * 0.2 || bottom > innerHeight * 0.75) el.scrollIntoView({ block: 'center', behavior: 'instant' });
  }

  function note(line, words) {
    const item = document.createElement('li');
    const no = document.createElement('b');
    no.textContent = line.no;
    item.append(no, ' ', words);
    echo.append(item);
    if (echo.children.length > 9) echo.firstChild.remove();
  }

  function tell(words, bad) {
    said.textContent = words;
    said.classList.toggle('bad', !!bad);
  }

  function wrong(line, words) {
    line.el.classList.add('no');
    const name = line.no || line.el.querySelector('.t [dir],label b')?.textContent || '';
    tell(`${name} ${words}`.trim(), true);
  }

  function right(line) {
    if (!line.el.classList.contains('no')) return;
    line.el.classList.remove('no');
    tell('');
  }

  function setMark(line, why) {
    const of = line.el.dataset.group ? lines.find((l) => l.el.dataset.group === line.el.dataset.group) : line;
    if (!of.mark) return false;
    of.mark.value = why;
    return true;
  }

  function clear(line) {
    for (const box of line.boxes.values()) box.checked = false;
    if (line.boxes.size) openOther(line);
    if (line.input && line.kind !== 'save') line.input.value = '';
    if (line.mark) line.mark.value = '';
  }

  const words = { illegible: 'cannot be read', ambiguous: 'two boxes' };

  function unusable(line, why) {
    if (!line.mark && !line.el.dataset.group) return wrong(line, 'cannot be marked');
    clear(line);
    setMark(line, why);
    note(line, words[why]);
    right(line);
    go(line.el.dataset.group ? after(line) : at + 1);
  }

  // after is the place behind the squares of one ranking.
  function after(line) {
    let to = at;
    while (lines[to] && lines[to].el.dataset.group === line.el.dataset.group) to++;
    return to;
  }

  function openOther(line) {
    const next = lines[lines.indexOf(line) + 1];
    if (!next || !next.other) return;
    const open = !skipped(next);
    next.el.classList.toggle('open', open);
    if (!open) next.input.value = '';
  }

  function tick(line, box) {
    const many = line.kind === 'many';
    if (line.mark) line.mark.value = '';
    box.checked = many ? !box.checked : true;
    if (many && box.checked) {
      for (const other of line.boxes.values()) if (other !== box && (box.hasAttribute('data-alone') || other.hasAttribute('data-alone'))) other.checked = false;
    }
    openOther(line);
    right(line);
    note(line, (many && !box.checked ? 'not ' : '') + box.parentElement.textContent.trim().replace(/\s+/g, ' '));
    if (!many) go(at + 1);
  }

  // Keys where boxes are ticked.
  function keyBoxes(line, key) {
    if (key === ' ' || key === '/' || key === '*') {
      if (key !== ' ') return unusable(line, key === '/' ? 'illegible' : 'ambiguous');
      clear(line);
      note(line, '–');
      right(line);
      return go(at + 1);
    }
    if (key === 'Enter' && !typed) {
      if (line.kind === 'many') note(line, '↵');
      return go(at + 1);
    }
    if (line.el.hasAttribute('data-long')) {
      if (/^\d$/.test(key)) { typed += key; return; }
      if (key === 'Enter') key = typed;
      typed = '';
    }
    const box = line.boxes.get(key) || line.boxes.get(key.toLowerCase());
    if (!box) return wrong(line, `has no box “${key}”`);
    tick(line, box);
  }

  // What cannot be is told at once; '' is right.
  function impossible(line) {
    const { value, dataset } = line.input;
    const text = value.trim();
    if (!text) return line.of === 'form' ? 'needs the number on the form' : '';
    if ('min' in dataset || 'max' in dataset || line.of === 'number') {
      const n = Number(text.replace(',', '.'));
      if (!Number.isFinite(n)) return 'is a number';
      if ('whole' in dataset && !Number.isInteger(n)) return 'is a whole number';
      if ('min' in dataset && n < Number(dataset.min)) return `is ${dataset.min} or more`;
      if ('max' in dataset && n > Number(dataset.max)) return `is ${dataset.max} or less`;
    }
    if (line.of === 'rank' && lines.some((l) => l !== line && l.el.dataset.group === line.el.dataset.group && l.input.value.trim() === text)) return `has ${text} twice; / if it cannot be used`;
    if (line.of === 'day' && !(text >= 1 && text <= 31)) return 'is a day, 1 to 31';
    if (line.of === 'month' && /^\d+$/.test(text) && !(text >= 1 && text <= 12)) return 'is a month, 1 to 12';
    if (line.of === 'date' || line.of === 'date_time') return badDate(text, line.el.querySelector('small')?.textContent || 'ddmmyyyy');
    if (line.of === 'time' && !/^([01]?\d|2[0-3])[:. ]?[0-5]\d$/.test(text)) return 'is a time, such as 0930';
    return '';
  }

  function badDate(text, order) {
    const parts = text.split(/\D+/).filter(Boolean);
    const pieces = order.match(/d+|m+|y+|h+/g) || [];
    const found = {};
    let digits = parts.join('');
    pieces.forEach((piece, i) => {
      found[piece[0]] = parts.length > 1 ? parts[i] : digits.slice(0, piece.length);
      digits = digits.slice(piece.length);
    });
    const [y, m, d] = [Number(found.y), Number(found.m || 1), Number(found.d || 1)];
    const day = new Date(Date.UTC(y, m - 1, d));
    return y >= 1000 && day.getUTCMonth() === m - 1 && day.getUTCDate() === d ? '' : `is a date as ${order}`;
  }

  function accept(line) {
    const text = line.input.value.trim();
    if (text === '/' && (line.mark || line.el.dataset.group)) return unusable(line, 'illegible');
    const why = impossible(line);
    if (why) return wrong(line, why);
    if (text && line.mark) line.mark.value = '';
    right(line);
    if (line.input !== number) note(line, text || '–');
    go(at + 1);
  }

  // Keys where something is written; true if the browser is to do as it likes.
  function keyText(line, event) {
    const { key } = event;
    if (key === 'Enter' && !event.shiftKey) return accept(line);
    if (key === ' ' && !line.input.value) { note(line, '–'); return go(at + 1); }
    if (key === 'Backspace' && !line.input.value) return go(at - 1);
    if (key === 'ArrowUp') return go(at - 1);
    if (key === 'ArrowDown') return accept(line);
    return true;
  }

  form.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const { key } = event;
    if (key === 'F2') { event.preventDefault(); return queue.openFirst(); }
    if (key === 'Tab' || key === 'Shift' || key.startsWith('F') && key.length > 1) return;
    const line = lines[at];
    const confirms = key === 'Enter' && byItself;
    byItself = false;
    // Enter after a full line confirms that line: it must not leave the next one out.
    if (confirms && line.kind !== 'save') { event.preventDefault(); return; }
    if (event.target.closest('aside,select') || event.target.id === 'date') {
      if (event.target.id === 'date' && key === 'Enter') { event.preventDefault(); go(1); }
      return;
    }
    if (line.kind === 'save') {
      if (key === 'Backspace' || key === 'ArrowUp') { event.preventDefault(); go(at - 1); }
      return; // Enter presses the button
    }
    if (line.boxes.size) {
      if (key.length > 1 && key !== 'Enter' && key !== 'Backspace' && key !== 'ArrowUp' && key !== 'ArrowDown') return;
      event.preventDefault();
      if (key === 'Backspace' && typed) { typed = ''; return; }
      if (key === 'Backspace' || key === 'ArrowUp') return go(at - 1);
      return key === 'ArrowDown' ? go(at + 1) : keyBoxes(line, key);
    }
    if (keyText(line, event) !== true) event.preventDefault();
  });

  // A line that is full goes on by itself.
  form.addEventListener('input', (event) => {
    const line = lines[at];
    if (event.target !== line.input) return;
    right(line);
    const { full } = line.input.dataset;
    if (!full || line.input.value === '/' || event.inputType === 'deleteContentBackward') return;
    const signs = line.of === 'card' ? line.input.value.replace(/[-\s]/g, '') : line.input.value;
    if ([...signs].length < Number(full)) return;
    accept(line);
    byItself = lines[at] !== line;
  });

  // The mouse may help: what is clicked is in turn.
  form.addEventListener('focusin', (event) => {
    const to = lines.findIndex((line) => line.el.contains(event.target));
    if (to >= 0 && to !== at) {
      lines[at].el.classList.remove('now');
      at = to;
      lines[at].el.classList.add('now');
    }
  });
  form.addEventListener('change', (event) => {
    const line = lines.find((l) => l.el.contains(event.target));
    if (line && line.boxes.size) openOther(line);
  });

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (lines[at].kind !== 'save') return; // Enter in a line goes on to the next
    const line = lines.find((l) => l.input && l.kind !== 'save' && !skipped(l) && impossible(l));
    if (line) {
      go(lines.indexOf(line));
      return wrong(line, impossible(line));
    }
    queue.add(new URLSearchParams(new FormData(form)));
    fresh(Number(number.value) + 1);
  });

  function fresh(next) {
    for (const line of lines) {
      if (line.input === number || line.kind === 'save') continue;
      clear(line);
      line.el.classList.remove('no');
    }
    form.elements._entry.value = drawn();
    number.value = next;
    echo.replaceChildren();
    document.getElementById('of').textContent = `form ${next}`;
    go(0);
  }

  // A form that was not taken, as it was keyed.
  function openForm(body, problems, say) {
    fresh(Number(body.get('_form')));
    for (const el of form.elements) {
      if (!el.name || el.name === 'csrf') continue;
      const values = body.getAll(el.name);
      if (el.type === 'radio' || el.type === 'checkbox') el.checked = values.includes(el.value);
      else if (el.type !== 'submit') el.value = values[0] || '';
    }
    for (const line of lines) if (line.boxes.size) openOther(line);
    const first = lines.findIndex((line) => problems.some((p) => p.control === line.el.dataset.name || line.input && p.control === line.input.name));
    go(Math.max(0, first));
    wrong(lines[at], [say, ...problems.map((p) => p.say)].join(' '));
  }

  document.getElementById('of').textContent = `form ${number.value}`;
  for (const line of lines) if (line.boxes.size) openOther(line);
  const { hash } = location;
  go(hash ? Math.max(0, lines.findIndex((line) => '#' + (line.input || line.el).id === hash)) : 0);
}

// drawn is a new id of 32 hexadecimal digits.
function drawn() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, '0')).join('');
}

// The forms that are not stored yet. They lie in this browser until the server has
// them, also when it is closed; each is sent until it is taken, and counted once.
function queueOf(form, { tell, open }) {
  const all = 'paper ' + form.getAttribute('action') + ' ';
  const name = all + drawn(); // each tab keeps its own, and takes over what others left
  const shown = document.getElementById('queue');
  const list = document.getElementById('refused');
  let waiting = read();
  let stored = 0;
  let sending = false;

  function read() {
    try {
      const left = Object.keys(localStorage).filter((key) => key.startsWith(all));
      const forms = left.flatMap((key) => JSON.parse(localStorage.getItem(key)) || []);
      localStorage.setItem(name, JSON.stringify(forms));
      for (const key of left) localStorage.removeItem(key);
      return forms;
    } catch { return []; }
  }
  function keep() {
    try {
      if (waiting.length) localStorage.setItem(name, JSON.stringify(waiting));
      else localStorage.removeItem(name);
    } catch { tell('This browser keeps nothing: do not close it before all is stored.', true); }
    show();
  }
  function show() {
    const unsent = waiting.filter((one) => !one.refused).length;
    shown.textContent = [stored && `${stored} stored.`, unsent && `${unsent} on the way.`].filter(Boolean).join(' ');
    list.replaceChildren(...waiting.filter((one) => one.refused).map((one) => {
      const item = document.createElement('li');
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'plain';
      button.textContent = `Form ${new URLSearchParams(one.body).get('_form')} was not taken: ${one.refused.say || 'look at it'}`;
      button.onclick = () => openOne(one);
      item.append(button);
      return item;
    }));
  }
  function openOne(one) {
    waiting = waiting.filter((other) => other !== one);
    keep();
    open(new URLSearchParams(one.body), one.refused.problems || [], one.refused.say || '');
  }

  async function send() {
    if (sending) return;
    sending = true;
    for (let one; (one = waiting.find((w) => !w.refused));) {
      const body = new URLSearchParams(one.body);
      body.set('csrf', form.elements.csrf.value);
      try {
        const answer = await fetch(form.getAttribute('action'), { method: 'POST', body, headers: { 'Soundings-Paper': '1' } });
        const json = (answer.headers.get('Content-Type') || '').includes('json');
        if (answer.status === 401 || answer.redirected) throw new Error('Sign in again in another tab, then load this page once more: nothing is lost.');
        if (!json) throw new Error(answer.status === 403 ? 'Load this page once more: nothing is lost.' : 'The server does not answer.');
        settle(one, await answer.json(), body.get('_form'));
      } catch (error) {
        tell(`${waiting.filter((w) => !w.refused).length} not stored yet; kept in this browser. ${error instanceof TypeError ? 'No network.' : error.message}`, true);
        setTimeout(send, 3000);
        break;
      }
    }
    sending = false;
  }
  function settle(one, answer, number) {
    if (answer.kept) {
      waiting = waiting.filter((other) => other !== one);
      stored++;
      if (answer.different) {
        tell(`Form ${number}: ${answer.different} different from the first pass. Settle it on the page of the batch.`);
      }
    } else {
      one.refused = answer;
      tell(`Form ${number} was not taken. F2 opens it.`, true);
    }
    keep();
  }

  addEventListener('online', send);
  show();
  if (waiting.length) send();
  return {
    add(body) {
      body.delete('csrf');
      waiting.push({ body: body.toString() });
      keep();
      send();
    },
    openFirst() {
      const one = waiting.find((w) => w.refused);
      if (one) openOne(one);
    },
  };
}

// Settling: 1, 2, 3 take the first pass, the second, or neither.
const settling = document.querySelector('[data-settle]');
if (settling) {
  const rows = [...settling.querySelectorAll('[data-row]')];
  settling.addEventListener('keydown', (event) => {
    const row = event.target.closest('[data-row]');
    if (!row || event.ctrlKey || event.altKey || event.metaKey || !/^[123]$/.test(event.key) || event.target.type === 'text') return;
    event.preventDefault();
    const box = row.querySelectorAll('[type=radio]')[event.key - 1];
    if (!box) return;
    box.checked = true;
    const next = event.key === '3' ? row.querySelector('[type=text]') : rows[rows.indexOf(row) + 1]?.querySelector('[type=radio]');
    (next || settling.querySelector('button.main')).focus();
  });
}
