// What an application is read whole for: answered at once where that is quick, otherwise followed until it ends.

import { type Api, ApiError } from "./client.ts";
import type { ProvisionReading } from "./types.ts";

const FOLLOWED_MS = 1000;
/** Answers that may fail to come before it is given up: the reading goes on without them. */
const MISSED_MAX = 5;

/** Whoever asked wants no answer any more. */
export class Stopped extends Error {
  constructor() {
    super("The application was not read to its end: it was cancelled.");
    this.name = "Stopped";
  }
}

function isReading(answer: unknown): answer is ProvisionReading {
  return typeof answer === "object" && answer !== null && "status" in answer && "read" in answer;
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, FOLLOWED_MS);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

interface Follow {
  /** Asks for it: what comes of it, or the reading that goes on. */
  ask: (signal: AbortSignal) => Promise<unknown>;
  /** Told how far it is; null when it ended. */
  tell: (reading: ProvisionReading | null) => void;
  signal: AbortSignal;
}

/** What comes of it in the end. Whoever stops following stops the reading. */
export async function follow<T>(api: Api, application: string, { ask, tell, signal }: Follow): Promise<T> {
  let at: string | null = null;
  try {
    const answer = await ask(signal);
    if (!isReading(answer)) return answer as T;
    at = `/api/v2/applications/${application}/provision/readings/${answer.id}`;
    const ended = await end(api, at, answer, tell, signal);
    at = null;
    if (ended.status === "failed") throw new ApiError(409, ended.error ?? "It could not be read.");
    return ended.result as T;
  } catch (error) {
    if (at) void api.delete(at).catch(() => undefined);
    throw signal.aborted ? new Stopped() : error;
  } finally {
    tell(null);
  }
}

async function end(
  api: Api,
  at: string,
  begun: ProvisionReading,
  tell: Follow["tell"],
  signal: AbortSignal,
): Promise<ProvisionReading> {
  let reading = begun;
  let missed = 0;
  while (reading.status === "running") {
    tell(reading);
    await pause(signal);
    try {
      reading = await api.get<ProvisionReading>(at, { signal });
      missed = 0;
    } catch (error) {
      const passes = !(error instanceof ApiError) || error.status >= 500;
      missed += 1;
      if (signal.aborted || !passes || missed > MISSED_MAX) throw error;
    }
  }
  return reading;
}
