import { IconArrowRight, IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useOrg } from "../../api/org.tsx";
import { LabelledCopy } from "../../ui/Copy.tsx";
import { Button } from "../../ui/controls.tsx";
import { Section } from "../../ui/Page.tsx";
import { type Progress, type Step, steps } from "./quickStart.ts";

/** The way to the first application that works. */
export function QuickStart({ progress }: { progress: Progress }) {
  const { org, session } = useOrg();
  const all = steps(progress);
  const done = all.filter((step) => step.done).length;
  const next = all.find((step) => !step.done);
  return (
    <Section
      wide
      title="Quick start"
      help={`From nothing to the first application that works. ${done} of ${all.length} done.`}
    >
      <ol className="framed quick">
        {all.map((step) => (
          <StepLine key={step.title} step={step} isNext={step === next} />
        ))}
      </ol>
      <div className="quick__page">
        <LabelledCopy
          label="Your people sign in here"
          value={`${session.publicUrl.replace(/\/$/, "")}/o/${org.slug}/login`}
        />
      </div>
    </Section>
  );
}

function StepLine({ step, isNext }: { step: Step; isNext: boolean }) {
  const { org } = useOrg();
  const params = { slug: org.slug, ...step.params } as never;
  return (
    <li className="quick__step" data-done={step.done || undefined} data-next={isNext || undefined}>
      {step.done ? (
        <IconCircleCheck size={22} color="var(--m-ok)" aria-label="Done" />
      ) : (
        <IconCircleDashed size={22} aria-label="To do" />
      )}
      <Link to={step.to} params={params} search={(step.search ?? {}) as never} className="quick__link">
        <span>
          <strong>{step.title}</strong>
          <span className="table__sub">{step.text}</span>
        </span>
        {isNext ? (
          <Button reads component="span" size="xs" rightSection={<IconArrowRight size={14} aria-hidden />}>
            Start
          </Button>
        ) : (
          <IconArrowRight size={18} aria-hidden />
        )}
      </Link>
    </li>
  );
}
