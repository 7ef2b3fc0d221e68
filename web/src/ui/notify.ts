import { describeError } from "../api/client.ts";

/** A message that comes and goes by itself. */
export interface Toast {
  id: number;
  tone: "ok" | "bad";
  message: string;
  stays_ms: number;
}

type Listener = (toasts: readonly Toast[]) => void;

let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<Listener>();

function publish(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener(next);
}

function show(tone: Toast["tone"], message: string, stays_ms: number): void {
  last += 1;
  publish([...toasts.slice(-2), { id: last, tone, message, stays_ms }]);
}

export const done = (message: string): void => show("ok", message, 5000);
export const failed = (error: unknown): void => show("bad", describeError(error), 12_000);
export const dismiss = (id: number): void => publish(toasts.filter((toast) => toast.id !== id));
export const currentToasts = (): readonly Toast[] => toasts;

export function listenToasts(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
