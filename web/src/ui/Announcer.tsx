import { useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

/** Tells screen readers which page opened, as a browser does when a document loads. */
export function Announcer() {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const [said, setSaid] = useState("");
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what triggers, the title is what is said
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    const timer = setTimeout(() => setSaid(document.title), 150);
    return () => clearTimeout(timer);
  }, [path]);
  return (
    <div className="m-visually-hidden" aria-live="polite">
      {said}
    </div>
  );
}
