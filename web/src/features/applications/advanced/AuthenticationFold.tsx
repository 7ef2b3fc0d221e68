import { keySources, signing } from "./choices.ts";
import { Fold } from "./Fold.tsx";
import { CheckField, ChoiceField, type FormProps, JsonField, TextField } from "./fields.tsx";
import { certificateNames } from "./settings.ts";
import { foldState } from "./state.ts";

/** How the application proves itself beyond a secret: keys, certificates, bound tokens. */
export function AuthenticationFold(form: FormProps) {
  const { draft } = form;
  const method = draft.tokenEndpointAuthMethod;
  const named = certificateNames.find((one) => one.value === draft.certificateName);
  const needsKeys = method === "private_key_jwt" || method === "self_signed_tls_client_auth";
  return (
    <Fold
      title="Client authentication and keys"
      help="The application's own keys and certificates, and tokens that only it can use."
      {...foldState(form, "authentication")}
      // The fields that the chosen way to authenticate needs are in here.
      {...((needsKeys || method === "tls_client_auth") && { forced: true })}
    >
      <ChoiceField
        form={form}
        name="keySource"
        label="Public Keys"
        help="For private key JWT, self-signed certificates, signed requests and encryption."
        rfc="RFC 7517"
        options={keySources}
      />
      {method === "private_key_jwt" && (
        <ChoiceField
          form={form}
          name="tokenEndpointAuthSigningAlg"
          label="Assertion Signing Algorithm"
          help="How the application signs when it proves itself."
          rfc="RFC 7523"
          options={signing}
          nothing="Any that its keys fit"
        />
      )}
      {draft.keySource === "uri" && (
        <TextField
          form={form}
          name="jwksUri"
          label="Address of the Keys"
          help="Fetched when needed, so that the application can change its keys by itself."
          rfc="jwks_uri"
          placeholder="https://app.example.com/jwks.json"
        />
      )}
      {draft.keySource === "entered" && (
        <JsonField
          form={form}
          name="jwks"
          label="Key Set"
          help="The public keys as a JSON Web Key Set. Never paste private keys."
          rfc="jwks"
        />
      )}
      {method === "tls_client_auth" && (
        <>
          <ChoiceField
            form={form}
            name="certificateName"
            label="Certificate Named By"
            help="Which name in the application's certificate is compared."
            rfc="RFC 8705 §2.1"
            options={certificateNames}
          />
          <TextField
            form={form}
            name="certificateValue"
            wide={false}
            label="Name in the Certificate"
            help="Exactly as it stands there."
            placeholder={named?.hint}
          />
        </>
      )}
      {method !== "none" && (
        <CheckField
          form={form}
          name="tlsClientCertificateBoundAccessTokens"
          label="Bind access tokens to the client certificate"
          help="A stolen token is of no use without the certificate."
          rfc="RFC 8705 §3"
        />
      )}
      <CheckField
        form={form}
        name="dpopBoundAccessTokens"
        label="Require proof of possession (DPoP)"
        help="Each token is bound to a key that the application proves to have. Without this it may, but need not."
        rfc="RFC 9449"
      />
      {(draft.dpopBoundAccessTokens || draft.dpopNonceRequired) && (
        <CheckField
          form={form}
          name="dpopNonceRequired"
          label="Proofs must carry our nonce"
          help="A proof made ahead of time is refused; the application asks once more."
          rfc="RFC 9449 §8"
        />
      )}
    </Fold>
  );
}
