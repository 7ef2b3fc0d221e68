import type { DeviceImport } from "../../api/types.ts";

/** What the server takes at once. */
export const FILE_MAX_BYTES = 1024 * 1024;

export interface ImportFile {
  name: string;
  type: "application/json" | "text/csv";
  text: string;
}

/** Reads a file as the server wants it: JSON by how it begins, CSV otherwise. */
export function importFile(name: string, text: string): ImportFile {
  const begin = text
    .replace(/^\uFEFF/, "")
    .trimStart()
    .charAt(0);
  return { name, text, type: begin === "[" || begin === "{" ? "application/json" : "text/csv" };
}

/** Why a file is not sent at all. */
export function fileProblem(size: number, text: string): string | undefined {
  if (text.trim() === "") return "This file is empty.";
  if (size > FILE_MAX_BYTES) {
    return "This file is larger than 1 MB. Split it, or use the command: muster device import FILE.";
  }
  return undefined;
}

/** "2 created, 1 refused": what became of the rows, without what did not occur. */
export function summary(done: Pick<DeviceImport, "created" | "updated" | "unchanged" | "refused">): string {
  const parts = (["created", "updated", "unchanged", "refused"] as const)
    .filter((word) => done[word] > 0)
    .map((word) => `${done[word]} ${word}`);
  return parts.join(", ") || "No rows";
}
