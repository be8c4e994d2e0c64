// A hospital's sign-in for the tests: OpenID Connect and SAML on one port. Told what to be by one JSON argument.
import http from "node:http";
import { createRequire } from "node:module";
import Provider from "oidc-provider";

const samlp = createRequire(import.meta.url)("samlp");
const told = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${told.port}`;

const oidc = new Provider(issuer, {
  clients: [{ client_id: told.client, client_secret: told.secret, redirect_uris: told.callbacks }],
  pkce: { required: () => true },
  scopes: ["openid"],
  cookies: { keys: ["for the tests alone"] },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, email: "same@example.org", email_verified: true }) }),
});
const callback = oidc.callback();

// Endpoints of this issuer under the name of another, which its tokens then do not carry.
async function elsewhere(response) {
  const document = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ ...document, issuer: `${issuer}/elsewhere` }));
}

const identity = {
  issuer: told.entity,
  cert: told.certificate,
  key: told.key,
  recipient: told.acs,
  destination: told.acs,
  lifetimeInSeconds: 60,
  nameIdentifierFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
  getPostURL: (audience, request, http, done) => done(null, told.acs),
};
const saml = {
  "/saml": identity,
  "/saml/unsigned": { ...identity, signAssertion: false },
  "/saml/message-alone": { ...identity, signAssertion: false, signResponse: true },
  "/saml/stranger": { ...identity, cert: told.strangers.certificate, key: told.strangers.key },
  "/saml/other-issuer": { ...identity, issuer: "urn:another" },
  "/saml/other-audience": { ...identity, audience: "urn:somebody-else" },
  "/saml/unasked": { ...identity, inResponseTo: "_never-asked" },
  "/saml/over": { ...identity, lifetimeInSeconds: -600 },
};

const metadata = samlp.metadata({
  issuer: told.entity,
  cert: told.certificate,
  redirectEndpointPath: "/saml",
  postEndpointPath: "/saml",
});

http
  .createServer((request, response) => {
    const address = new URL(request.url, issuer);
    if (address.pathname === "/elsewhere/.well-known/openid-configuration") return elsewhere(response);
    if (!(address.pathname in saml) && address.pathname !== "/saml/metadata") return callback(request, response);
    request.protocol = "http";
    request.query = Object.fromEntries(address.searchParams);
    const who = request.query.as ?? /\bas=([^;]+)/.exec(request.headers.cookie)?.[1];
    request.user = { id: who, emails: [{ value: "same@example.org" }], displayName: "S", name: {} };
    response.set = (name, value) => response.setHeader(name, value);
    response.send = (body) => response.end(String(body));
    if (address.pathname === "/saml/metadata") return metadata(request, response);
    samlp.auth({ ...saml[address.pathname] })(request, response, (error) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  })
  .listen(told.port, "127.0.0.1", () => console.log("ready"));
