import { useRef } from "react";

/** Keeps the keyboard where the work is: a new row's first field, and after a row is gone the button that adds one. */
export function useRowFocus() {
  const list = useRef<HTMLDivElement>(null);
  const later = (find: (root: HTMLDivElement) => HTMLElement | null | undefined) =>
    setTimeout(() => {
      if (list.current) find(list.current)?.focus();
    }, 0);
  return {
    list,
    /** The field marked `data-focus` of the last row (`data-row`). */
    focusLast: () =>
      later((root) => [...root.querySelectorAll("[data-row]")].at(-1)?.querySelector<HTMLElement>("[data-focus]")),
    /** The button marked `data-add`. */
    focusAdd: () => later((root) => root.querySelector<HTMLElement>("[data-add]")),
  };
}
