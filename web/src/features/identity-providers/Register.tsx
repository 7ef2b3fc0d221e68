import { useOrg } from "../../api/org.tsx";
import type { IdpServiceProvider } from "../../api/types.ts";
import { LabelledCopy } from "../../ui/Copy.tsx";

/** The address to register at a provider; until one is known, the one for providers that name themselves. */
export function RedirectUri({ uri }: { uri: string | undefined }) {
  const { session } = useOrg();
  const usual = `${session.publicUrl.replace(/\/$/, "")}/oauth/callback`;
  return (
    <LabelledCopy
      label="Redirect URI"
      value={uri ?? usual}
      help={
        uri
          ? "Register exactly this address at the provider."
          : "Register this address at the provider. A provider that does not name itself in its answers gets an address of its own, shown here once its URL is entered."
      }
    />
  );
}

/** What a provider that speaks SAML has to know of Muster. */
export function ServiceProvider({ place }: { place: IdpServiceProvider | null | undefined }) {
  if (!place) return null;
  return (
    <>
      <LabelledCopy
        label="SP Metadata URL"
        value={place.metadataUrl}
        help="Everything below, and Muster's certificate. There once the provider is saved."
      />
      <LabelledCopy label="SP Entity ID" value={place.entityId} help="The audience of the provider's answers." />
      <LabelledCopy label="ACS URL" value={place.acsUrl} help="Where the provider posts its answers." />
    </>
  );
}
