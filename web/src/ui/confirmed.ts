import { ApiError } from "../api/client.ts";
import type { Ask } from "./Confirm.tsx";

/**
 * Does what the organization may want confirmed: where the server refuses it for how many it moves, the numbers are shown
 * and it is sent again once that is agreed. `null` where it is not.
 */
export async function confirmed<T>(confirm: Ask, send: (confirmed: boolean) => Promise<T>): Promise<T | null> {
  try {
    return await send(false);
  } catch (error) {
    const asked = error instanceof ApiError ? error.fields.find((field) => field.field === "confirmed") : undefined;
    if (!asked) throw error;
    const [numbers] = asked.message.split(" (settings.");
    const yes = await confirm({
      title: "This moves a great part of the organization",
      body: `${numbers}.`,
      confirm: "Do it",
      danger: true,
    });
    return yes ? send(true) : null;
  }
}
