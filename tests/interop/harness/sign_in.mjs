// The steps a person takes at our sign-in pages.
import { PASSWORD } from './organization.mjs';

/** From the e-mail page through the password page; the present page is what came then. */
export async function withPassword(browser, email, { password = PASSWORD } = {}) {
  await browser.submit({ username: email }, { button: 'Continue' });
  return browser.submit({ password });
}
