// A token on its way from the page that made it to the page that shows it, once. In memory alone: it is never stored.

export interface Made {
  endpoint: string;
  token: string;
}

const waiting = new Map<string, Made>();

export function showOnce(id: string, made: Made): void {
  waiting.set(id, made);
}

export const toShow = (id: string): Made | null => waiting.get(id) ?? null;
export const wasShown = (id: string): void => void waiting.delete(id);
