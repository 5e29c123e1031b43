// Keeps an open page of the desk as it is in the database, told by server-sent events. Without this file a page stays as it was
// loaded, and everything works.
//
//   [data-live-case]           the case that the page shows; parts are replaced when it changes
//   [data-live-list]           a list; parts are replaced when anything changes
//   [data-region="name"]       such a part; one in which somebody is typing is left alone
//   [data-live-held]           says so, with a button that shows the new state all the same
//   [data-needs], [data-watchers]   how many cases need the reader; who else looks
//
// Only a page that can be seen listens: a browser has six connections to a server, and a hidden page is looked at by nobody.
'use strict';

(() => {
  const page = document.querySelector('[data-live-case], [data-live-list]');
  const said = document.querySelector('[data-live-said]');
  const held = document.querySelector('[data-live-held]');
  const number = page?.dataset.liveCase;
  let source = null;
  let fresh = true;
  let again = 0;
  let tries = 0;
  let asking = false;
  let wanted = false;

  // What somebody typed or chose, by comparing with what was sent.
  function isChanged(field) {
    if (!field.name || field.type === 'hidden') return false;
    if (field.type === 'checkbox' || field.type === 'radio') return field.checked !== field.defaultChecked;
    if (field.type === 'select-one') return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
    return field.defaultValue !== undefined && field.value !== field.defaultValue;
  }
  // A form that the server sent back holds what was typed before.
  const isTyped = (form) => form.querySelector('[aria-invalid]') || [...form.elements].some(isChanged);
  const typedForms = (region) => [...region.querySelectorAll('form')].filter(isTyped);
  const twin = (from, form) => [...from.querySelectorAll('form')].find((one) => one.getAttribute('action') === form.getAttribute('action'));
  const isInUse = (region) => typedForms(region).length
    || region.contains(document.activeElement) && document.activeElement.matches('input, textarea, select');
  // What was typed goes on in the new form, with the version that it was typed at: who sends it is told what changed since.
  function carry(form, fresh) {
    const all = form.querySelector('[aria-invalid]');
    for (const field of form.elements) {
      if (field.name !== 'version' && (field.type === 'hidden' || !all && !isChanged(field))) continue;
      for (const other of fresh.elements) {
        if (!field.name || other.name !== field.name) continue;
        if (field.type === 'checkbox' || field.type === 'radio') { if (other.value === field.value) other.checked = field.checked; }
        else other.value = field.value;
      }
    }
  }

  // What a part looked like to its reader: what was unfolded, where the focus was.
  const nameOf = (details) => details.querySelector('summary')?.textContent.trim();
  function replace(region, from) {
    const open = [...region.querySelectorAll('details[open]')].map(nameOf);
    const shut = [...region.querySelectorAll('details:not([open])')].map(nameOf);
    const focus = region.contains(document.activeElement) ? document.activeElement : null;
    const typed = typedForms(region);
    region.replaceWith(from);
    for (const details of from.querySelectorAll('details')) {
      if (open.includes(nameOf(details))) details.open = true;
      else if (shut.includes(nameOf(details))) details.open = false;
    }
    enhance(from);
    for (const form of typed) carry(form, twin(from, form));
    if (!focus) return;
    const again = [...from.querySelectorAll(focus.tagName)].find((one) => (focus.href && one.href === focus.href) || (!focus.href && one.textContent === focus.textContent));
    again?.focus({ preventScroll: true });
  }

  // Asks for the page and replaces what is different. With `all`, also where somebody is typing: what they typed is kept.
  async function update(all) {
    if (asking) { wanted = true; return; }
    // What is being sent must not be replaced by a form that can be sent again.
    if (document.querySelector('form[data-sent]')) return;
    asking = true;
    try {
      // A form that was sent back stands at its own address, which can't be opened.
      const address = number ? `/desk/cases/${number}${location.search}` : location.href;
      const answer = await fetch(address, { headers: { Accept: 'text/html', 'X-Handover-Live': 'yes' } });
      if (!answer.ok || answer.redirected) { failed(); return; }
      tries = 0;
      const came = new DOMParser().parseFromString(await answer.text(), 'text/html');
      let left = false;
      let changed = false;
      for (const region of document.querySelectorAll('[data-region]')) {
        const name = region.dataset.region;
        const from = came.querySelector(`[data-region="${name}"]`);
        if (!from || from.outerHTML === asSent.get(name)) continue;
        // What somebody typed for something that is no longer possible stays until they have copied it.
        if (all ? typedForms(region).some((form) => !twin(from, form)) : isInUse(region)) { left = true; continue; }
        asSent.set(name, from.outerHTML);
        replace(region, from);
        changed = true;
      }
      const now = came.querySelector('[data-live-case]');
      if (now && page) page.dataset.liveVersion = now.dataset.liveVersion;
      if (held) held.hidden = !left;
      if (changed && said) said.textContent = said.dataset.changed;
    } catch {
      failed();
    } finally {
      asking = false;
      if (wanted) { wanted = false; update(false); }
    }
  }
  // The server is away, or the session is over: said, and asked again for a while.
  function failed() {
    if (said) said.textContent = said.dataset.stale;
    tries += 1;
    if (tries <= 5) setTimeout(() => update(false), 5000 * 2 ** (tries - 1));
  }
  held?.querySelector('button').addEventListener('click', () => update(true));

  function showNeeds({ shown, said: words }) {
    const link = document.querySelector('[data-needs]');
    if (!link) return;
    link.hidden = !shown;
    link.querySelector('.count').textContent = shown;
    link.querySelector('.visually-hidden').textContent = shown ? `(${words})` : '';
  }
  function showWatchers({ said: words }) {
    const place = document.querySelector('[data-watchers]');
    if (!place) return;
    place.hidden = !words;
    place.lastElementChild.textContent = words;
  }

  function listen() {
    if (source || document.visibilityState !== 'visible') return;
    const line = number ? `/desk/live?${new URLSearchParams({ case: number })}` : '/desk/live';
    source = new EventSource(line);
    // After a gap nobody knows what was missed.
    source.addEventListener('open', () => { again = 0; if (!fresh && page) update(false); fresh = false; });
    source.addEventListener('needs', (event) => showNeeds(JSON.parse(event.data)));
    source.addEventListener('watchers', (event) => showWatchers(JSON.parse(event.data)));
    let first = true;
    source.addEventListener('case', (event) => {
      if (!(first && event.data === page.dataset.liveVersion)) update(false);
      first = false;
    });
    source.addEventListener('changed', () => { if (page && !number) update(false); });
    source.addEventListener('error', () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      source = null;
      again = Math.min(again + 1, 6);
      if (again > 1 && said) said.textContent = said.dataset.stale;
      setTimeout(listen, 5000 * 2 ** (again - 1));
    });
  }
  function pause() {
    source?.close();
    source = null;
  }
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'visible' ? listen() : pause()));
  window.addEventListener('pagehide', pause);
  window.addEventListener('pageshow', (event) => { if (event.persisted) listen(); });
  listen();
})();
