import { Loader, Skeleton, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link, type LinkProps } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import "./ui.css";

interface PageProps {
  title: string;
  /** Shown beside the title; `undefined` while it loads. */
  count?: number | null;
  state?: ReactNode;
  under?: ReactNode;
  back?: { label: string; to: LinkProps["to"]; params?: object };
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of every page: one title, what it counts, and the actions at the right. */
export function Page({ title, count, state, under, back, actions, children }: PageProps) {
  useEffect(() => {
    document.title = title ? `${title} · Muster` : "Muster";
  }, [title]);
  return (
    <div className="page">
      {back && (
        <Link to={back.to} params={back.params as never} className="page-head__back">
          <IconArrowLeft size={14} aria-hidden /> {back.label}
        </Link>
      )}
      <header className="page-head">
        <div className="page-head__text">
          <div className="page-head__title">
            <Title order={1}>{title || <Skeleton width={220} height={26} />}</Title>
            {count !== undefined && count !== null && (
              <span className="page-head__count">{count.toLocaleString()}</span>
            )}
            {state}
          </div>
          {under && <div className="page-head__sub">{under}</div>}
        </div>
        {actions && <div className="page-head__actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface SectionProps {
  title: string;
  help?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

/** A named part of an object's page: what it is at the left, its fields at the right. */
export function Section({ title, help, wide, children }: SectionProps) {
  return (
    <section className={wide ? "section section--wide" : "section"} aria-label={title}>
      <div>
        <Title order={2}>{title}</Title>
        {help && <div className="section__help">{help}</div>}
      </div>
      <div className="section__body">{children}</div>
    </section>
  );
}

/** Stands where a route's code or data is on its way, in the size of a page. */
export function PagePending() {
  return (
    <div className="page" aria-busy="true">
      <Skeleton height={28} width={220} mb={28} mt={4} />
      <Skeleton height={32} width={300} mb={16} />
      {[0, 1, 2, 3, 4, 5].map((row) => (
        <Skeleton key={row} height={40} mb={6} />
      ))}
      <span className="m-visually-hidden">
        <Loader aria-hidden /> Loading
      </span>
    </div>
  );
}
