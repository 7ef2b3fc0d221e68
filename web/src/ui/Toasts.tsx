import { CloseButton } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { currentToasts, dismiss, listenToasts, type Toast } from "./notify.ts";

/** Where messages appear. A pointer on one keeps it; each can be closed. */
export function Toasts() {
  const toasts = useSyncExternalStore(listenToasts, currentToasts);
  return (
    <section className="toasts" aria-label="Notifications">
      {toasts.map((toast) => (
        <One key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function One({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(toast.id), toast.stays_ms);
    return () => clearTimeout(timer);
  }, [held, toast]);
  const Icon = toast.tone === "ok" ? IconCircleCheck : IconCircleX;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the pointer only holds the message; closing it is a button
    <div
      className="toast"
      data-tone={toast.tone}
      role={toast.tone === "ok" ? "status" : "alert"}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
    >
      <Icon size={18} aria-hidden />
      <span className="toast__text">{toast.message}</span>
      <CloseButton size="sm" aria-label="Dismiss" onClick={() => dismiss(toast.id)} />
    </div>
  );
}
