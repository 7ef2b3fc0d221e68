import type { Api } from "../../api/client.ts";
import { openAdministration } from "../../api/portal.ts";

/** On to the console, or to signing in once more where that was too long ago. */
export async function administer(api: Api): Promise<void> {
  const { location } = await openAdministration(api);
  window.location.assign(location);
}
