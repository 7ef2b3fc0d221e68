//! Sends what is in the outbox by SMTP.

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message as Mail, Tokio1Executor};
use muster_base::Secret;
use muster_directory::mail::{self, Message};
use muster_directory::{Directory, Result};

/// A mail server.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// A mail server by its URL; a bare `smtp://` is encrypted by STARTTLS.
    ///
    /// # Errors
    /// What is wrong with the URL or the sender, in words.
    pub fn new(url: &Secret, from: &str) -> std::result::Result<Self, String> {
        let text = url.expose();
        // lettre speaks plain SMTP for a bare smtp://: that is only taken when it is asked for.
        let text = match text.strip_suffix("?tls=none") {
            Some(plain) => plain.to_owned(),
            None if text.starts_with("smtp://") && !text.contains("tls=") => format!("{text}?tls=required"),
            None => text.to_owned(),
        };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&text).map_err(|e| e.to_string())?;
        let from: Mailbox = from.parse().map_err(|_| "the sender is not an e-mail address".to_owned())?;
        Ok(Self { transport: builder.build(), from })
    }

    async fn send(&self, message: &Message) -> std::result::Result<(), String> {
        let to: Mailbox = message.to.parse().map_err(|_| "the receiver is not an e-mail address".to_owned())?;
        let parts = MultiPart::alternative()
            .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(message.text()))
            .singlepart(SinglePart::builder().header(ContentType::TEXT_HTML).body(message.html()));
        let mail = Mail::builder().from(self.from.clone()).to(to).subject(message.subject.clone()).multipart(parts);
        let mail = mail.map_err(|e| e.to_string())?;
        self.transport.send(mail).await.map_err(|e| e.to_string())?;
        Ok(())
    }

    /// Sends everything that is due; one that fails is tried again later and holds nothing up.
    ///
    /// # Errors
    /// The database's.
    pub async fn send_due(&self, directory: &Directory) -> Result<()> {
        for queued in mail::due(directory).await? {
            match self.send(&queued.message).await {
                Ok(()) => mail::sent(directory, &queued).await?,
                Err(reason) => {
                    tracing::warn!(mail = %queued.id, attempts = queued.attempts + 1, reason, "a mail could not be sent");
                    mail::failed(directory, &queued, &reason).await?;
                }
            }
        }
        Ok(())
    }
}
