import type { NameValue } from "../api/types.ts";
import { filled } from "./PairRows.tsx";

/** What is wrong with the names of custom attributes, in words that say what to do. */
export function attributesProblem(attributes: NameValue[]): string | undefined {
  const names = filled(attributes).map((row) => row.name);
  if (names.includes("")) return "Give every attribute a name, or clear its value.";
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice ? `“${twice}” is there twice. Each attribute name can be used once.` : undefined;
}
