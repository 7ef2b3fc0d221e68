// The metadata of a service provider by its address: read again, a change held for approval and shown as a difference,
// failures with their reason.
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { MetadataServer } from "./harness/metadataServer.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

const ENTITY = "urn:okr";
const ACS = "https://okr.example/saml/acs";
const EVIL = "https://evil.example/acs";
const NEW = "https://eu.okr.example/saml/acs";

test("metadata by its address: a change waits for an administrator", async ({ page, muster }) => {
  const org = await organization(muster, "Acme");
  const metadata = await MetadataServer.start();
  metadata.says(ENTITY, ACS);
  const app = await must<{ _id: string }>(muster, org, "POST", "/api/applications", { name: "saml2", displayLabel: "OKR", active: true });
  const console = new Console(page, muster, org);
  await console.open();
  await page.goto(`/console/${org.slug}/sso-applications/${app._id}?tab=sso`);
  const acs = page.getByRole("textbox", { name: "ACS URL" });
  const changed = page.getByRole("region", { name: "Changed metadata" });
  const read = page.getByRole("button", { name: "Read now" });

  await test.step("taken over from its address, which is remembered", async () => {
    await console.button("Upload Metadata").click();
    await console.field("Metadata URL").fill(metadata.url);
    await console.button("Take over").click();
    await expect(page.getByRole("heading", { name: "METADATA ADDRESS" })).toBeVisible();
    await expect(page.getByText(metadata.url)).toBeVisible();
    await expect(acs).toHaveValue(ACS);
    await read.click();
    await expect(read).toBeEnabled();
    await expect(changed).toHaveCount(0);
  });
  await test.step("a change is shown and counts for nothing; rejected it stays away", async () => {
    metadata.says(ENTITY, EVIL);
    await read.click();
    await expect(changed.getByText(`${EVIL} (index 0)`)).toBeVisible();
    await expect(changed.getByText(`${ACS} (index 0)`)).toBeVisible();
    await expect(acs).toHaveValue(ACS);
    await changed.getByRole("button", { name: "Reject" }).click();
    await expect(changed).toHaveCount(0);
    await read.click();
    await expect(read).toBeEnabled();
    await expect(changed).toHaveCount(0);
    await expect(acs).toHaveValue(ACS);
  });
  await test.step("approved it is taken over", async () => {
    metadata.says(ENTITY, NEW);
    await read.click();
    await changed.getByRole("button", { name: "Approve" }).click();
    await expect(acs).toHaveValue(NEW);
    await expect(changed).toHaveCount(0);
  });
  await test.step("a failure is shown with its reason", async () => {
    metadata.says(ENTITY);
    await read.click();
    await expect(page.getByText("it answers with status 503")).toBeVisible();
  });
  await metadata.stop();
});
