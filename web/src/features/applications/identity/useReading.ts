import { useCallback, useEffect, useRef, useState } from "react";
import { useOrg } from "../../../api/org.tsx";
import { follow } from "../../../api/readings.ts";
import type { ProvisionReading } from "../../../api/types.ts";

/** Reads an application whole, and tells how far it is where that takes long. One at a time. */
export function useReading(application: string) {
  const { api } = useOrg();
  const [reading, setReading] = useState<ProvisionReading | null>(null);
  const control = useRef<AbortController | null>(null);
  const cancel = useCallback(() => control.current?.abort(), []);
  // Whoever leaves wants nothing of it.
  useEffect(() => cancel, [cancel]);
  const read = useCallback(
    <T>(ask: (signal: AbortSignal) => Promise<unknown>, outer?: AbortSignal): Promise<T> => {
      control.current?.abort();
      const mine = new AbortController();
      control.current = mine;
      if (outer?.aborted) mine.abort();
      outer?.addEventListener("abort", () => mine.abort());
      const show = (far: ProvisionReading | null) => {
        // Another one may have begun meanwhile.
        if (control.current === mine) setReading(far);
      };
      // What came of it is there before this goes, so that nothing closes in between.
      const tell = (far: ProvisionReading | null) => (far ? show(far) : void setTimeout(show, 0, null));
      return follow<T>(api, application, { ask, tell, signal: mine.signal });
    },
    [api, application],
  );
  return { reading, read, cancel };
}
