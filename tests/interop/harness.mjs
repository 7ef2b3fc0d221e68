// What every interop test imports: the real binary, its API, a browser made of HTTP and forms, and people to put in it.
// Never here: a counterpart (those are in folders named after them).
export { startMuster } from './harness/server.mjs';
export { Browser } from './harness/browser.mjs';
export { ApiFailure } from './harness/api.mjs';
export { PASSWORD } from './harness/organization.mjs';
export { freePort, waitFor } from './harness/wait.mjs';
