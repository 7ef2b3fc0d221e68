import type { IdpSaml } from "../../api/types.ts";
import { Status } from "../../ui/Status.tsx";

const day = 86_400_000;

/** The provider's certificates: whose, until when, and what to compare with what the provider shows. */
export function SamlCertificates({ certificates }: { certificates: IdpSaml["certificateDetails"] }) {
  return (
    <ul className="plain-list" aria-label="Certificates of the provider">
      {certificates.map((one) => {
        const days = Math.floor((Date.parse(one.notAfter) - Date.now()) / day);
        return (
          <li key={one.fingerprint} style={{ marginBottom: 10 }}>
            {one.subject || "Certificate"}{" "}
            {days < 0 ? (
              <Status tone="bad">Expired</Status>
            ) : days < 30 ? (
              <Status tone="warn">{`Expires in ${days} days`}</Status>
            ) : (
              <span className="section__help">valid until {new Date(one.notAfter).toLocaleDateString()}</span>
            )}
            <div className="section__help" style={{ overflowWrap: "anywhere" }}>
              SHA-256 {one.fingerprint}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
