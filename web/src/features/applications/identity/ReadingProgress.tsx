import { Progress } from "@mantine/core";
import type { ProvisionReading } from "../../../api/types.ts";
import { Button } from "../../../ui/controls.tsx";
import { percentOf, readingSaid, readingWords } from "./readingWords.ts";

interface ReadingProgressProps {
  reading: ProvisionReading;
  /** Without it there is a way to stop elsewhere. */
  onCancel?: () => void;
}

/** How far the reading of an application is. */
export function ReadingProgress({ reading, onCancel }: ReadingProgressProps) {
  const percent = percentOf(reading);
  const words = readingWords(reading);
  return (
    <div className="reading">
      <div className="reading__line">
        <span>{words}</span>
        {onCancel && (
          <Button reads variant="default" size="xs" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
      <Progress.Root size="sm">
        <Progress.Section
          value={percent ?? 100}
          animated={percent === null}
          aria-label="Reading the application"
          aria-valuetext={words}
        />
      </Progress.Root>
      <span className="m-visually-hidden" aria-live="polite">
        {readingSaid(reading)}
      </span>
    </div>
  );
}
