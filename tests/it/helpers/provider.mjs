// A real OpenID Connect provider for the tests: https://www.npmjs.com/package/oidc-provider, with people whom the test names.
// Arguments: the port, the folder of node_modules, the address of Handover. Says "ready" on its standard output.
import { pathToFileURL } from 'node:url';
const [port, modules, handover] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`));
const people = {
  ann: { email: 'ann@reseller.example', email_verified: true, name: 'Ann Admin', groups: ['chiefs'] },
  ben: { email: 'ben@reseller.example', email_verified: true, name: 'Ben', groups: ['clerks', 'choir'] },
  carl: { email: 'carl@reseller.example', email_verified: false, name: 'Carl', groups: ['clerks'] },
  dora: { email: 'dora@reseller.example', email_verified: true, name: 'Dora', groups: ['choir'] },
};
const back = `${handover}/desk/sign-in/with/real`;
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'handover', client_secret: 'a-secret-of-the-tests-alone', redirect_uris: [`${back}/callback`],
    post_logout_redirect_uris: [`${handover}/desk/sign-in`], backchannel_logout_uri: `${back}/logout`,
    backchannel_logout_session_required: true,
  }],
  claims: { email: ['email', 'email_verified'], profile: ['name', 'groups'] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ ...people[id], sub: id }) },
  // It speaks to nobody on this machine by itself; here Handover is.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  cookies: { keys: ['of the tests alone'] },
});
// Whoever opens /interaction/…?as=ann is Ann, and consents.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  const { prompt, params, grantId } = await provider.interactionDetails(ctx.req, ctx.res);
  const who = ctx.query.as;
  if (prompt.name === 'login') {
    if (!who) { ctx.body = 'who are you?'; return; }
    const result = who === 'nobody' ? { error: 'access_denied', error_description: 'not today' } : { login: { accountId: who } };
    await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
  } else {
    const session = (await provider.interactionDetails(ctx.req, ctx.res)).session;
    const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope('openid email profile');
    await provider.interactionFinished(ctx.req, ctx.res, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  }
  ctx.respond = false;
});
provider.on('server_error', (_, error) => console.error(error));
provider.on('backchannel.error', (_, error) => console.error('backchannel', error));
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
