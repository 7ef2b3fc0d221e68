import type { ProvisionReading } from "../../../api/types.ts";
import { Button } from "../../../ui/controls.tsx";
import { ProgressLine } from "./ProgressLine.tsx";
import { percentOf, readingSaid, readingWords } from "./readingWords.ts";

interface ReadingProgressProps {
  reading: ProvisionReading;
  /** Without it there is a way to stop elsewhere. */
  onCancel?: () => void;
}

/** How far the reading of an application is. */
export function ReadingProgress({ reading, onCancel }: ReadingProgressProps) {
  return (
    <ProgressLine
      label="Reading the application"
      words={readingWords(reading)}
      said={readingSaid(reading)}
      percent={percentOf(reading)}
    >
      {onCancel && (
        <Button reads variant="default" size="xs" onClick={onCancel}>
          Cancel
        </Button>
      )}
    </ProgressLine>
  );
}
