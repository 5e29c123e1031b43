// Several files, by choice or by drag and drop: each sent by itself, with its progress and its own answer. Without this file the
// form sends them all at once, and the page tells the same of each.
//
//   form[data-upload]   the form; its data-… are the words, and data-upload the page that it stands on
//   [data-drop]         where files can be dropped
//   [data-upload-list]  one line for each file that was chosen
//   [data-upload-files] the files that are there, fetched anew once something has arrived
'use strict';

for (const form of document.querySelectorAll('form[data-upload]')) {
  const words = form.dataset;
  const input = form.querySelector('input[type=file]');
  const zone = form.querySelector('[data-drop]');
  const list = form.querySelector('[data-upload-list]');
  const status = form.querySelector('[data-upload-status]');
  const queue = [];
  let busy = false;

  zone.querySelector('[data-drop-hint]').hidden = false;
  form.addEventListener('submit', (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    // The page stays: the form can be sent again (handover.js).
    event.stopPropagation();
    send([...input.files]);
    input.value = '';
  });
  for (const kind of ['dragenter', 'dragover']) {
    zone.addEventListener(kind, (event) => {
      if (!event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      zone.dataset.over = '';
    });
  }
  for (const kind of ['dragleave', 'drop']) {
    zone.addEventListener(kind, (event) => { if (!zone.contains(event.relatedTarget)) delete zone.dataset.over; });
  }
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    send([...event.dataTransfer.files]);
  });
  // Beside the field, a file would take the place of the page.
  for (const kind of ['dragover', 'drop']) window.addEventListener(kind, (event) => event.preventDefault());

  function send(files) {
    list.hidden = false;
    forgetMistakes();
    for (const file of files) queue.push({ file, line: lineOf(file) });
    if (!busy) work();
  }

  async function work() {
    busy = true;
    let taken = 0;
    let refused = 0;
    window.addEventListener('beforeunload', ask);
    while (queue.length) {
      const { file, line } = queue.shift();
      const answer = await one(file, line);
      line.say(answer);
      if (answer.taken) taken += 1; else refused += 1;
    }
    window.removeEventListener('beforeunload', ask);
    status.textContent = words.done.replace('%t', taken).replace('%r', refused);
    if (taken) await refresh();
    busy = false;
    if (queue.length) work();
  }

  async function one(file, line) {
    const photo = await isPhonePhoto(file);
    const sent = photo ? await convert(file) : file;
    if (!sent) return { taken: false, why: words.phonePhoto };
    if (sent.size > Number(words.most)) return { taken: false, why: words.tooLarge };
    line.progress(0);
    for (let tries = 0; ; tries += 1) {
      const answer = await post(sent, line);
      // Too much at once: as long as the server says, and not for ever.
      if (answer.status !== 429 || tries === 5) return read(answer, photo);
      await new Promise((done) => { setTimeout(done, Math.min(answer.wait, 60) * 1000); });
    }
  }

  function post(file, line) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const body = new FormData();
      body.append('file', file, file.name);
      request.open('POST', form.action);
      request.setRequestHeader('Accept', 'application/json');
      request.upload.addEventListener('progress', (event) => {
        if (event.lengthComputable) line.progress(event.loaded / event.total);
      });
      const end = () => done({ status: request.status, text: request.responseText, wait: Number(request.getResponseHeader('Retry-After')) || 1 });
      for (const kind of ['load', 'error', 'abort', 'timeout']) request.addEventListener(kind, end);
      request.send(body);
    });
  }

  function read({ status: code, text }, photo) {
    if (code === 201) return { taken: true, what: photo ? words.converted : words.taken };
    let problem = {};
    try { problem = JSON.parse(text); } catch { /* no answer of ours */ }
    const [first] = problem.errors || [];
    return { taken: false, why: (first && first.message) || problem.detail || words.failed };
  }

  // The list of what is there, as the page shows it now. Where that fails, the lines have said all.
  async function refresh() {
    try {
      const answer = await fetch(words.upload, { headers: { Accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const [old, now] = [document, page].map((one) => one.querySelector('[data-upload-files]'));
      if (answer.ok && old && now) old.replaceWith(document.adoptNode(now));
    } catch { /* stays as it is */ }
  }

  function lineOf(file) {
    const line = document.createElement('li');
    const name = document.createElement('b');
    name.className = 'files__name';
    name.textContent = file.name;
    const chip = document.createElement('span');
    chip.className = 'chip';
    chip.textContent = words.waits;
    const about = document.createElement('span');
    about.className = 'files__about';
    line.append(name, chip, about);
    list.append(line);
    return {
      progress(part) {
        chip.textContent = words.sending;
        let bar = about.querySelector('progress');
        if (!bar) {
          bar = document.createElement('progress');
          bar.setAttribute('aria-label', file.name);
          about.replaceChildren(bar);
        }
        bar.value = part;
      },
      say({ taken, what, why }) {
        chip.dataset.tone = taken ? 'ok' : 'bad';
        chip.textContent = taken ? what : words.refused;
        about.replaceChildren(why || '');
      },
    };
  }

  // What was wrong with the form before is answered by sending files.
  function forgetMistakes() {
    for (const old of [document.querySelector('.error-summary'), zone.querySelector('.error')]) if (old) old.remove();
    delete zone.dataset.invalid;
    input.removeAttribute('aria-invalid');
    input.setAttribute('aria-describedby', 'file-hint');
  }

  function ask(event) { event.preventDefault(); }
}

// By its name, by what the browser takes it for, and by its first bytes: telephones do not always say.
async function isPhonePhoto(file) {
  if (/\.hei[cf]$/i.test(file.name) || /^image\/hei[cf]/.test(file.type)) return true;
  const head = new TextDecoder('latin1').decode(await file.slice(4, 12).arrayBuffer());
  return /^ftyp(hei|hev|mif1|msf1)/.test(head);
}

// A browser that can show such a photo makes a JPEG of it; most can't.
async function convert(file) {
  try {
    const image = await createImageBitmap(file);
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext('2d').drawImage(image, 0, 0);
    const made = await new Promise((done) => { canvas.toBlob(done, 'image/jpeg', 0.9); });
    return made && new File([made], file.name.replace(/\.hei[cf]$/i, '') + '.jpg', { type: 'image/jpeg' });
  } catch {
    return null;
  }
}
