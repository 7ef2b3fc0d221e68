import type { SamlExchange, SamlMessage, SamlTestClaims } from "../../../api/types.ts";
import { CopyButton } from "../../../ui/Copy.tsx";
import { Note } from "../../../ui/Note.tsx";
import { Ago } from "../../../ui/time.tsx";
import { TraceSteps } from "../../users/Trace.tsx";
import "./test.css";

const tones = { succeeded: "ok", refused: "bad", waits: "info" } as const;

/** One exchange: how each check went, what arrived at a test's service provider, and the messages, decoded. */
export function ExchangeView({ exchange }: { exchange: SamlExchange }) {
  return (
    <div className="exchange">
      <Note tone={tones[exchange.outcome]}>{exchange.summary}</Note>
      <dl className="facts">
        <dt>When</dt>
        <dd>
          <Ago at={exchange.at} />
        </dd>
        {exchange.user && (
          <>
            <dt>Person</dt>
            <dd>{exchange.user.name}</dd>
          </>
        )}
        {exchange.by && (
          <>
            <dt>Tested by</dt>
            <dd>{exchange.by}</dd>
          </>
        )}
      </dl>
      {exchange.claims && <Claims claims={exchange.claims} />}
      <h3 className="caps">CHECKS</h3>
      <TraceSteps trace={exchange.trace} />
      {exchange.messages.map((message, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a finished exchange never changes
        <Message key={index} message={message} />
      ))}
      {exchange.messages.length === 0 && <p className="section__help">No message was exchanged.</p>}
    </div>
  );
}

function Claims({ claims }: { claims: SamlTestClaims }) {
  return (
    <>
      <h3 className="caps">WHAT ARRIVED</h3>
      <dl className="facts">
        <dt>NameID</dt>
        <dd>
          {claims.nameId} <span className="exchange__format">{claims.nameIdFormat}</span>
        </dd>
        {claims.attributes.map((one) => (
          <div key={one.name} className="exchange__claim">
            <dt>{one.name}</dt>
            <dd>{one.values.join(", ")}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Message({ message }: { message: SamlMessage }) {
  const name = message.name ?? "Message";
  const text = message.xml ?? message.raw;
  return (
    <section aria-label={name} className="exchange__message">
      <div className="exchange__head">
        <h3>
          {name} <span>{message.came ? "from the service provider" : "from Muster"}</span>
        </h3>
        {text && <CopyButton text={text} of={name} />}
      </div>
      <dl className="facts">
        {message.binding && (
          <>
            <dt>Binding</dt>
            <dd>{message.binding}</dd>
          </>
        )}
        {message.address && (
          <>
            <dt>Sent to</dt>
            <dd>{message.address}</dd>
          </>
        )}
        {message.relayState && (
          <>
            <dt>RelayState</dt>
            <dd className="m-mono">{message.relayState}</dd>
          </>
        )}
        <dt>Protection</dt>
        <dd>{message.note}</dd>
      </dl>
      {text && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it
        <pre className="exchange__xml" tabIndex={0}>
          {text}
        </pre>
      )}
    </section>
  );
}
