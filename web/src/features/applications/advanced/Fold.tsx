import { Collapse } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useId, useState } from "react";

interface FoldProps {
  title: string;
  help: string;
  /** How many of its settings are not as they would be if nobody had touched them. */
  changed: number;
  /** Something in it needs attention: it cannot stay shut. */
  forced: boolean;
  children: ReactNode;
}

/** A part that is shut until somebody needs it, and says when something in it is set. */
export function Fold({ title, help, changed, forced, children }: FoldProps) {
  const [opened, setOpened] = useState(false);
  const id = useId();
  const open = opened || forced;
  return (
    <div className="fold" data-open={open || undefined}>
      <h3 className="fold__title">
        <button
          type="button"
          className="fold__head"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpened(!open)}
        >
          <IconChevronRight size={16} aria-hidden className="fold__mark" />
          <span className="fold__name">
            {title}
            <span className="fold__help">{help}</span>
          </span>
          {changed > 0 && <span className="fold__count">{changed === 1 ? "1 set" : `${changed} set`}</span>}
        </button>
      </h3>
      <Collapse expanded={open} transitionDuration={0} id={id}>
        <div className="fold__body fields">{children}</div>
      </Collapse>
    </div>
  );
}
