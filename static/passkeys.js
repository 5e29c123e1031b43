// Passkeys: asks the browser to make one or to sign with one, and sends what it made with the form. Without this file the pages say
// that passkeys need it, and offer a code instead.
//
//   form[data-passkey]       create | get; data-challenge is where to ask for what is to be signed, data-failed the words when
//                            it came to nothing
//   [data-passkey-with]      shown where the browser knows passkeys; [data-passkey-without] where it does not
//   [data-passkey-error]     in the form: what went wrong
'use strict';

(() => {
  const known = window.PublicKeyCredential?.parseCreationOptionsFromJSON && window.PublicKeyCredential.parseRequestOptionsFromJSON;
  if (!known) return;
  for (const part of document.querySelectorAll('[data-passkey-without]')) part.hidden = true;
  for (const part of document.querySelectorAll('[data-passkey-with], form[data-passkey]')) part.hidden = false;

  for (const form of document.querySelectorAll('form[data-passkey]')) {
    const error = form.querySelector('[data-passkey-error]');
    const button = form.querySelector('button');
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      // Nothing is sent yet: the form can be pressed again (handover.js).
      event.stopImmediatePropagation();
      error.hidden = true;
      button.disabled = true;
      try {
        form.elements.passkey_credential.value = JSON.stringify(await ask(form));
        form.submit();
      } catch (reason) {
        error.textContent = reason.told || form.dataset.failed;
        error.hidden = false;
        button.disabled = false;
      }
    });
  }

  async function ask(form) {
    const body = new URLSearchParams(new FormData(form));
    body.delete('passkey_credential');
    const answer = await fetch(form.dataset.challenge, { method: 'POST', body, headers: { accept: 'application/json' } });
    const json = await answer.json();
    if (!answer.ok) throw Object.assign(new Error('refused'), { told: json.detail });
    const credential = form.dataset.passkey === 'create'
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(json.publicKey) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json.publicKey) });
    return credential.toJSON();
  }
})();
