import { useBlocker } from "@tanstack/react-router";
import { useRef, useState } from "react";

/** The names of the top-level fields in which two values differ. */
export function changedKeys<T extends object>(from: T, to: T): (keyof T)[] {
  const keys = new Set([...Object.keys(from), ...Object.keys(to)]) as Set<keyof T>;
  return [...keys].filter((key) => JSON.stringify(from[key]) !== JSON.stringify(to[key]));
}

export interface Draft<T extends object> {
  value: T;
  changes: (keyof T)[];
  dirty: boolean;
  set: (patch: Partial<T>) => void;
  reset: () => void;
}

/** Edits over what the server holds: nothing is copied until the first edit, so fresh answers show at once. */
export function useDraft<T extends object>(saved: T): Draft<T> {
  const [edited, setEdited] = useState<T | null>(null);
  const value = edited ?? saved;
  const changes = edited ? changedKeys(saved, edited) : [];
  return {
    value,
    changes,
    dirty: changes.length > 0,
    set: (patch) => setEdited((before) => ({ ...(before ?? saved), ...patch })),
    reset: () => setEdited(null),
  };
}

/** Asks before a page with unsaved edits is left. Tabs of the same page do not count as leaving. */
export function useLeaveGuard(dirty: boolean) {
  const allowed = useRef(false);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && !allowed.current && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty && !allowed.current,
    withResolver: true,
  });
  return {
    asking: blocker.status === "blocked",
    stay: () => blocker.reset?.(),
    leave: () => blocker.proceed?.(),
    /** Call before navigating away on purpose, after saving. */
    allow: () => {
      allowed.current = true;
    },
  };
}
