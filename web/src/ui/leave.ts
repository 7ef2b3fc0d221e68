import { useState } from "react";

/** Which fields have been left: what is wrong with them may be shown before the whole form is sent. */
export function useLeft() {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  return {
    has: (field: string) => left.has(field),
    leave: (field: string) => setLeft((before) => (before.has(field) ? before : new Set(before).add(field))),
    forget: () => setLeft(new Set()),
  };
}
