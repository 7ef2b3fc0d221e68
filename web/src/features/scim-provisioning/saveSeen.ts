import { type Api, ApiError } from "../../api/client.ts";
import { updateDirectoryProvider } from "../../api/directoryProviders.ts";
import type { DirectoryProvider, DirectoryProviderWrite } from "../../api/types.ts";
import type { Ask } from "../../ui/Confirm.tsx";
import { consequence } from "./words.ts";

/** Saves a directory provider. Who becomes an administrator by it, or stops being one, is shown first; `null`: not wanted. */
export async function saveSeen(
  api: Api,
  id: string,
  write: DirectoryProviderWrite,
  confirm: Ask,
): Promise<DirectoryProvider | null> {
  try {
    return await updateDirectoryProvider(api, id, write);
  } catch (error) {
    const unseen = error instanceof ApiError && error.fields.find((field) => field.field === "confirmed");
    if (!unseen) throw error;
    const yes = await confirm({
      title: "Change who is an administrator?",
      body: consequence(unseen.message),
      confirm: "Save",
      danger: true,
    });
    return yes ? updateDirectoryProvider(api, id, { ...write, confirmed: true }) : null;
  }
}
