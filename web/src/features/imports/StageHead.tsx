import { Title } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";

/** The title of a step. The keyboard comes here with it: what was pressed is gone. */
export function StageHead({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  return (
    <div className="import-head">
      <div>
        <Title order={2} ref={head} tabIndex={-1}>
          {title}
        </Title>
        <p>{text}</p>
      </div>
      <div className="import-head__actions">{children}</div>
    </div>
  );
}
