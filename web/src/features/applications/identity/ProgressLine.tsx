import { Progress } from "@mantine/core";
import type { ReactNode } from "react";

interface ProgressLineProps {
  /** What goes on. */
  label: string;
  /** How far it is, as it is shown. */
  words: string;
  /** The same as it is said aloud: not with each step. */
  said: string;
  /** In parts of a hundred; null where nobody knows. */
  percent: number | null;
  /** What may be done about it. */
  children?: ReactNode;
  /** Stands above something else, in no row of controls. */
  alone?: boolean;
}

/** How far something long is, in words and as a bar. */
export function ProgressLine({ label, words, said, percent, children, alone }: ProgressLineProps) {
  return (
    <div className={alone ? "reading reading--alone" : "reading"}>
      <div className="reading__line">
        <span>{words}</span>
        {children}
      </div>
      <Progress.Root size="sm">
        <Progress.Section
          value={percent ?? 100}
          animated={percent === null}
          aria-label={label}
          aria-valuetext={words}
        />
      </Progress.Root>
      <span className="m-visually-hidden" aria-live="polite">
        {said}
      </span>
    </div>
  );
}
