// Progressive enhancement only: every page works without this file. No dependency, no build step.
//
//   form                       a second click on "send" does nothing
//   [data-copy="#id"]          button that copies the text of #id; stays hidden without script
//   time[data-relative]        "in 3 hours" for the eye, the exact moment as tooltip
//   [data-queue]               arrow keys, j/k, Home/End move between rows, Enter opens, / searches
//   [data-keys]                switch for the one-letter keys (WCAG 2.1.4), remembered in this browser
//   form[data-keep]            what was typed is there again after a session ended and one signed in
//   #keys, #palette            dialogs: which keys there are (?), and commands and search (Ctrl/⌘ K)
//   a[data-block]              puts a text block into the field data-into, where the cursor is; the link does it without script
//   form[data-guard]           asks before typed text is lost
'use strict';

document.documentElement.classList.add('scripted');
const language = document.documentElement.lang || 'en';
// Parts of the page as they were sent, for live.js.
const asSent = new Map([...document.querySelectorAll('[data-region]')].map((region) => [region.dataset.region, region.outerHTML]));

// ── forms ───────────────────────────────────────────────────────────────
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post') return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = 'yes';
  for (const button of form.querySelectorAll('button:not([type="button"])')) button.setAttribute('aria-disabled', 'true');
});
// A page from the back/forward cache must be sendable again.
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll('[aria-disabled]')) button.removeAttribute('aria-disabled');
  }
});

for (const form of document.querySelectorAll('form[data-guard]')) {
  let changed = false;
  form.addEventListener('input', () => { changed = true; });
  window.addEventListener('beforeunload', (event) => { if (changed && !form.dataset.sent) event.preventDefault(); });
}

// ── copy ────────────────────────────────────────────────────────────────
function offerCopies(root) {
  for (const button of root.querySelectorAll('[data-copy]')) {
    const source = document.querySelector(button.dataset.copy);
    if (!source || !navigator.clipboard) continue;
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(source.textContent.trim());
      button.textContent = button.dataset.copied || label;
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }
}

// ── time ────────────────────────────────────────────────────────────────
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'long' });
const units = [['day', 86400], ['hour', 3600], ['minute', 60]];
function tellTimes(root) {
  for (const time of root.querySelectorAll('time[data-relative][datetime]')) {
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
    if (Number.isNaN(seconds) || Math.abs(seconds) > 14 * 86400) continue;
    const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) || units[2];
    time.title = time.textContent.trim();
    time.textContent = relative.format(Math.round(seconds / length), unit);
  }
}

// ── what was typed outlives a session that ended ────────────────────────
// In this tab only; gone once it was sent, or the tab is closed.
const kept = (form) => `handover-typed ${location.pathname} ${new URL(form.action).pathname}`;
const typedFields = (form) => [...form.elements].filter((field) => field.name && /^(text|email|tel|url|search|date|textarea|select-one|radio|checkbox)$/.test(field.type));
if (document.querySelector('[data-done]')) {
  // A form whose sending failed long before this page is not the one that was done.
  for (const key of Object.keys(sessionStorage)) if (key.startsWith('handover-typed') && sessionStorage.getItem(`sent ${key}`)) {
    if (Date.now() - sessionStorage.getItem(`sent ${key}`) < 60000) sessionStorage.removeItem(key);
    sessionStorage.removeItem(`sent ${key}`);
  }
}
function keepTyped(root) {
  for (const form of root.querySelectorAll('form[data-keep]')) {
    const key = kept(form);
    const before = sessionStorage.getItem(key);
    // What the server sends back is newer.
    if (before && !form.querySelector('[aria-invalid]')) {
      for (const [name, value, checked] of JSON.parse(before)) {
        for (const field of typedFields(form)) {
          if (field.name !== name) continue;
          if (field.type === 'radio' || field.type === 'checkbox') field.checked = field.value === value ? checked : field.checked;
          else field.value = value;
        }
      }
      const note = document.createElement('p');
      note.className = 'hint';
      note.setAttribute('role', 'status');
      note.textContent = document.body.dataset.restored || '';
      form.prepend(note);
      form.closest('details')?.setAttribute('open', '');
    }
    form.addEventListener('input', () => {
      sessionStorage.removeItem(`sent ${key}`);
      sessionStorage.setItem(key, JSON.stringify(typedFields(form).map((field) => [field.name, field.value, field.checked])));
    });
    form.addEventListener('submit', () => { if (sessionStorage.getItem(key)) sessionStorage.setItem(`sent ${key}`, Date.now()); });
  }
}

// ── text blocks ─────────────────────────────────────────────────────────
document.addEventListener('click', async (event) => {
  const link = event.target.closest('a[data-block]');
  const field = link && document.getElementById(link.dataset.into);
  if (!field || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  let block;
  try {
    const answer = await fetch(link.dataset.block, { headers: { Accept: 'application/json' } });
    block = answer.ok && !answer.redirected ? await answer.json() : null;
  } catch {
    block = null;
  }
  // The page behind the link says what is wrong; what was typed stays in this browser (form[data-keep]).
  if (!block) { location.href = link.href; return; }
  field.setRangeText(block.text, field.selectionStart, field.selectionEnd, 'end');
  field.form.elements.block.value = block.version;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  link.closest('details').open = false;
  field.focus();
});

// Everything a part of the page needs, also one that came later.
function enhance(root) {
  offerCopies(root);
  tellTimes(root);
  keepTyped(root);
}
enhance(document);

// ── keys ────────────────────────────────────────────────────────────────
const remembered = 'handover-keys';
let letters = localStorage.getItem(remembered) !== 'off';
const switches = document.querySelectorAll('[data-keys]');
const showSwitches = () => switches.forEach((toggle) => toggle.setAttribute('aria-pressed', String(letters)));
showSwitches();
for (const toggle of switches) {
  toggle.addEventListener('click', () => {
    letters = !letters;
    localStorage.setItem(remembered, letters ? 'on' : 'off');
    showSwitches();
  });
}
const unfold = (details) => {
  if (!details) return;
  details.open = true;
  details.scrollIntoView({ block: 'nearest' });
  details.querySelector('textarea, input:not([type="hidden"]), select, button')?.focus();
};
const queue = () => document.querySelector('[data-queue]');
const listRows = () => [...document.querySelectorAll('[data-queue] .queue__link')];
const go = (position) => {
  const rows = listRows();
  const link = rows[Math.max(0, Math.min(rows.length - 1, position))];
  link?.focus();
  link?.closest('tr')?.scrollIntoView({ block: 'nearest' });
};
const neighbour = (rel) => document.querySelector(`.crumbs a[rel="${rel}"]`)?.click();

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k' && palette) {
    event.preventDefault();
    return openPalette();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select, [contenteditable], dialog')) return;
  const rows = listRows();
  const here = rows.indexOf(document.activeElement);
  const act = {};
  if (here >= 0) Object.assign(act, { ArrowDown: () => go(here + 1), ArrowUp: () => go(here - 1), Home: () => go(0), End: () => go(rows.length - 1) });
  if (letters) {
    Object.assign(act, queue()
      ? { j: () => go(here + 1), k: () => go(Math.max(here, 0) - 1) }
      : { j: () => neighbour('next'), k: () => neighbour('prev') });
    act['/'] = () => { const search = document.querySelector('[data-search]'); if (search) search.focus(); else openPalette(); };
    act['?'] = () => document.querySelector('#keys')?.showModal();
    act.n = () => unfold(document.querySelector('form[action$="/notes"]')?.closest('details'));
    act.s = () => document.querySelector('form[action$="/seen"] button')?.focus();
    document.querySelectorAll('.next__action').forEach((step, position) => { if (position < 9) act[position + 1] = () => unfold(step); });
  }
  if (!Object.hasOwn(act, event.key)) return;
  event.preventDefault();
  act[event.key]();
});

// ── command palette ─────────────────────────────────────────────────────
const palette = document.querySelector('#palette');
const input = palette?.querySelector('input');
const list = palette?.querySelector('ul');
let chosen = 0;

// Where one can go and what the page offers, read from the page itself.
function commands() {
  const links = [...document.querySelectorAll('.top__nav a, .views a, .crumbs a')].map((link) => [link.textContent.trim(), () => { location.href = link.href; }]);
  const forms = [...document.querySelectorAll('.next__action, .actions details')].map((details) => [details.querySelector('summary').textContent.trim(), () => unfold(details)]);
  const buttons = [...document.querySelectorAll('form[action$="/seen"] button, form[action$="/next"] button, .case-head__line button')].map((button) => [button.textContent.trim(), () => button.click()]);
  return [...forms, ...buttons, ...links].filter(([name]) => name);
}
function openPalette() {
  if (!palette) return;
  input.value = '';
  fill();
  palette.showModal();
  input.focus();
}
function fill() {
  const text = input.value.trim();
  const words = text.toLowerCase().split(/\s+/);
  const found = commands().filter(([name]) => words.every((word) => name.toLowerCase().includes(word)));
  const number = text.toUpperCase().match(/^(?:HO-)?(\d{4}-\d{5,})$/);
  if (number) found.unshift([`${palette.dataset.open} HO-${number[1]}`, () => { location.href = `/desk/cases/HO-${number[1]}`; }]);
  if (text) found.push([`${palette.dataset.search} ${text}`, () => { location.href = `/desk/cases?${new URLSearchParams({ text })}`; }]);
  chosen = 0;
  list.replaceChildren(...found.slice(0, 12).map(([name, run], position) => {
    const item = document.createElement('li');
    item.id = `palette-${position}`;
    item.setAttribute('role', 'option');
    item.textContent = name;
    item.addEventListener('click', () => { palette.close(); run(); });
    return item;
  }));
  mark();
}
function mark() {
  [...list.children].forEach((item, position) => item.setAttribute('aria-selected', String(position === chosen)));
  input.setAttribute('aria-activedescendant', list.children[chosen]?.id || '');
  list.children[chosen]?.scrollIntoView({ block: 'nearest' });
}
input?.addEventListener('input', fill);
input?.addEventListener('keydown', (event) => {
  const last = list.children.length - 1;
  if (event.key === 'ArrowDown') chosen = Math.min(last, chosen + 1);
  else if (event.key === 'ArrowUp') chosen = Math.max(0, chosen - 1);
  else if (event.key === 'Enter') return event.preventDefault(), list.children[chosen]?.click();
  else return;
  event.preventDefault();
  mark();
});
for (const dialog of document.querySelectorAll('dialog')) {
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
}
