// Progressive enhancement only: keeps what was typed into a customer's form, so that a reload, the browser's back button or an error
// loses nothing. In this tab alone, for a day at most, and until it was sent. The pages work without it.
//
//   form[data-kept="name"]   kept under this name; every field that has one, also those unseen, but for what the page says itself
//     data-answered          the values were sent just now, so they are newer than what was kept
//     data-preset="field"    this one comes from the address of the page, and is newer, too
//     data-step="word"       reloading this page asks for that step, instead of sending the form again
//     data-restored, data-forget  what is said when something was put back, and the button that throws it away
'use strict';

(() => {
  const PREFIX = 'handover-form ';
  const DAY = 24 * 60 * 60 * 1000;
  const OWN = ['language', 'step', 'returning', 'go', 'switch_to'];
  let store;
  // In a frame of another site a browser may refuse it.
  try { store = window.sessionStorage; } catch { return; }
  if (!store) return;

  const read = (key) => {
    try { return JSON.parse(store.getItem(key)); } catch { return null; }
  };
  const write = (key, draft) => {
    try { store.setItem(key, JSON.stringify(draft)); } catch { /* No room: then it is not kept. */ }
  };
  const form = document.querySelector('form[data-kept]');
  const own = form ? PREFIX + form.dataset.kept : '';

  // What is over: a day old, or sent, and the page after it is there.
  const arrived = /^\/(escalations\/sent|cases\/|prepared\/)/.test(location.pathname);
  for (const key of Object.keys(store)) {
    if (!key.startsWith(PREFIX)) continue;
    const draft = read(key);
    if (!draft || !(Date.now() - draft.at < DAY) || (draft.sent && key !== own && arrived)) store.removeItem(key);
  }
  if (!form) return;

  const fields = () => [...form.elements].filter((field) => field.name && !OWN.includes(field.name) && /^(text|email|tel|url|search|date|hidden|textarea|select-one|radio|checkbox)$/.test(field.type));
  const isChoice = (field) => field.type === 'radio' || field.type === 'checkbox';
  const valueOf = (field) => (isChoice(field) ? (field.checked ? field.value : '') : field.value);
  // Of radio buttons with one name, the chosen one counts.
  const values = () => {
    const found = {};
    for (const field of fields()) found[field.name] = valueOf(field) || found[field.name] || '';
    return found;
  };
  const keep = (sent) => {
    const before = read(own)?.values || {};
    // A page that shows a part leaves the rest as it was.
    write(own, { at: Date.now(), sent: sent === true, values: { ...before, ...values() } });
  };

  const [navigation] = performance.getEntriesByType('navigation');
  const isNew = !navigation || navigation.type === 'navigate';
  const put = (kept) => {
    let changed = false;
    const preset = (form.dataset.preset || '').split(' ');
    for (const field of fields()) {
      const value = kept[field.name];
      if (value === undefined || (preset.includes(field.name) && valueOf(field))) continue;
      if (isChoice(field)) {
        changed ||= field.checked !== (field.value === value);
        field.checked = field.value === value;
      } else if (field.value !== value && (value || field.type !== 'hidden' || !isNew)) {
        changed ||= field.name !== 'request_id';
        field.value = value;
      }
    }
    // Answers of other steps, of which this page knows nothing.
    for (const [name, value] of Object.entries(kept)) {
      if (!value || form.elements[name]) continue;
      const field = document.createElement('input');
      Object.assign(field, { type: 'hidden', name, value });
      form.append(field);
      changed = true;
    }
    return changed;
  };

  const tell = () => {
    if (!form.dataset.restored) return;
    const note = document.createElement('p');
    note.className = 'kept hint';
    note.setAttribute('role', 'status');
    note.textContent = `${form.dataset.restored} `;
    const forget = document.createElement('button');
    Object.assign(forget, { type: 'button', className: 'link-button', textContent: form.dataset.forget });
    forget.addEventListener('click', () => {
      store.removeItem(own);
      location.href = location.pathname;
    });
    note.append(forget);
    form.prepend(note);
  };

  // In a frame, no cookie knows the language.
  const language = window.self === window.top ? '' : `language=${document.documentElement.lang}`;
  const kept = read(own);
  // Back at a later step of which nothing is known any more, because it was sent: the form begins anew.
  if (!kept && form.dataset.step && !('answered' in form.dataset) && new URLSearchParams(location.search).has('step')) {
    location.replace(`/escalations/new${language && `?${language}`}`);
    return;
  }
  if (kept && !(isNew && 'answered' in form.dataset)) {
    if (put(kept.values) && isNew) tell();
  } else if ('answered' in form.dataset) {
    keep();
  }
  if (kept?.sent) keep();
  form.addEventListener('input', keep);
  form.addEventListener('change', keep);
  // Buttons with a name lead to another page of the form.
  form.addEventListener('submit', (event) => keep(!event.submitter?.name));
  // Back from the browser's own copy of the page.
  window.addEventListener('pageshow', (event) => { if (event.persisted && read(own)?.sent) keep(); });

  // A page that came by sending a form would be sent again to be shown again.
  if (form.dataset.step && 'answered' in form.dataset) {
    history.replaceState(null, '', `/escalations/new?step=${form.dataset.step}${language && `&${language}`}`);
  }
})();
