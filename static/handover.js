// Progressive enhancement only: every page works without this file. No dependency, no build step.
//
//   form                       a second click on "send" does nothing
//   [data-copy="#id"]          button that copies the text of #id; stays hidden without script
//   time[data-relative]        "in 3 hours" for the eye, the exact moment as tooltip
//   [data-queue]               arrow keys, j/k, Home/End move between rows, Enter opens, / searches
//   [data-keys]                switch for the one-letter keys (WCAG 2.1.4), remembered in this browser
//   form[data-guard]           asks before typed text is lost
'use strict';

document.documentElement.classList.add('scripted');
const language = document.documentElement.lang || 'en';

// ── forms ───────────────────────────────────────────────────────────────
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = 'yes';
    for (const button of form.querySelectorAll('button:not([type="button"])')) button.setAttribute('aria-disabled', 'true');
  });
}
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
for (const button of document.querySelectorAll('[data-copy]')) {
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

// ── time ────────────────────────────────────────────────────────────────
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'long' });
const units = [['day', 86400], ['hour', 3600], ['minute', 60]];
for (const time of document.querySelectorAll('time[data-relative][datetime]')) {
  const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
  if (Number.isNaN(seconds) || Math.abs(seconds) > 14 * 86400) continue;
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) || units[2];
  time.title = time.textContent.trim();
  time.textContent = relative.format(Math.round(seconds / length), unit);
}

// ── keys in the queue ───────────────────────────────────────────────────
const queue = document.querySelector('[data-queue]');
if (queue) {
  const links = [...queue.querySelectorAll('.queue__link')];
  const toggle = document.querySelector('[data-keys]');
  const remembered = 'handover-keys';
  let letters = localStorage.getItem(remembered) !== 'off';
  const show = () => toggle?.setAttribute('aria-pressed', String(letters));
  show();
  toggle?.addEventListener('click', () => {
    letters = !letters;
    localStorage.setItem(remembered, letters ? 'on' : 'off');
    show();
  });

  const go = (position) => {
    const link = links[Math.max(0, Math.min(links.length - 1, position))];
    link?.focus();
    link?.closest('tr')?.scrollIntoView({ block: 'nearest' });
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select, [contenteditable]')) return;
    const here = links.indexOf(document.activeElement);
    const moves = here >= 0 ? { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: links.length - 1 } : {};
    if (letters) Object.assign(moves, { j: here + 1, k: Math.max(here, 0) - 1 });
    if (event.key in moves) {
      event.preventDefault();
      go(moves[event.key]);
    } else if (letters && event.key === '/') {
      event.preventDefault();
      document.querySelector('[data-search]')?.focus();
    }
  });
}
