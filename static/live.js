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
  const touched = new Set();
  let source = null;
  let fresh = true;
  let again = 0;
  let asking = false;
  let wanted = false;

  document.addEventListener('input', (event) => {
    const region = event.target.closest('[data-region]');
    if (region) touched.add(region.dataset.region);
  });
  const isInUse = (region) => touched.has(region.dataset.region) || region.querySelector('[aria-invalid]')
    || region.contains(document.activeElement) && document.activeElement.matches('input, textarea, select');

  // What a part looked like to its reader: what was unfolded, where the focus was.
  const nameOf = (details) => details.querySelector('summary')?.textContent.trim();
  function replace(region, from) {
    const open = [...region.querySelectorAll('details[open]')].map(nameOf);
    const shut = [...region.querySelectorAll('details:not([open])')].map(nameOf);
    const focus = region.contains(document.activeElement) ? document.activeElement : null;
    region.replaceWith(from);
    for (const details of from.querySelectorAll('details')) {
      if (open.includes(nameOf(details))) details.open = true;
      else if (shut.includes(nameOf(details))) details.open = false;
    }
    enhance(from);
    if (!focus) return;
    const again = [...from.querySelectorAll(focus.tagName)].find((one) => (focus.href && one.href === focus.href) || (!focus.href && one.textContent === focus.textContent));
    again?.focus({ preventScroll: true });
  }

  // Asks for the page and replaces what is different. With `all`, also where somebody is typing: what they typed is kept.
  async function update(all) {
    if (asking) { wanted = true; return; }
    asking = true;
    try {
      // A form that was sent back stands at its own address, which can't be opened.
      const address = number ? `/desk/cases/${number}${location.search}` : location.href;
      const answer = await fetch(address, { headers: { Accept: 'text/html', 'X-Handover-Live': 'yes' } });
      if (!answer.ok) return;
      const came = new DOMParser().parseFromString(await answer.text(), 'text/html');
      let left = false;
      let changed = false;
      for (const region of document.querySelectorAll('[data-region]')) {
        const name = region.dataset.region;
        const from = came.querySelector(`[data-region="${name}"]`);
        if (!from || from.outerHTML === asSent.get(name)) continue;
        if (!all && isInUse(region)) { left = true; continue; }
        asSent.set(name, from.outerHTML);
        touched.delete(name);
        replace(region, from);
        changed = true;
      }
      const now = came.querySelector('[data-live-case]');
      if (now && page) page.dataset.liveVersion = now.dataset.liveVersion;
      if (held) held.hidden = !left;
      if (changed && said) said.textContent = said.dataset.changed;
    } catch {
      // The next event, or the next time the page is looked at.
    } finally {
      asking = false;
      if (wanted) { wanted = false; update(false); }
    }
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
