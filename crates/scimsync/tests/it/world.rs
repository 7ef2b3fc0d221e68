//! What the tests start from: an application in Acme that accounts are sent to, bound to a group.

use muster_base::{Id, Secret};
use muster_directory::application::{Doc, SCIM, bind, create};
use muster_directory::group::{self, Group};
use muster_directory::provision::settings::Set;
use muster_directory::provision::state::{Change, Move};
use muster_directory::provision::{Object, ObjectKind, ObjectState, Settings, store};
use muster_directory::user::update::Update;
use muster_directory::user::{State, User};
use muster_scimsync::Provisioner;
use muster_testkit::{Setup, Test, object};
use serde_json::{Value, json};

use crate::fake::Quirks;
use crate::receiver::Receiver;

pub const TOKEN: &str = "key-and-scim-key-of-profit";

pub fn setup() -> Setup {
    Setup { public_url: "http://localhost:9", egress_allow: &["127.0.0.0/8"], ..Setup::default() }
}

pub struct World<'t> {
    pub t: &'t Test,
    pub app: Id,
    pub receiver: Receiver,
    pub provisioner: Provisioner,
    pub sales: Group,
}

impl<'t> World<'t> {
    /// An application that accounts are sent to from the beginning.
    pub async fn new(t: &'t Test, quirks: Quirks, change: impl FnOnce(&mut Settings)) -> Self {
        let world = Self::off(t, quirks, change).await;
        world.turn(Move::Activate).await;
        world
    }

    /// An application that is set up and not active yet.
    pub async fn off(t: &'t Test, quirks: Quirks, change: impl FnOnce(&mut Settings)) -> Self {
        let receiver = Receiver::start(quirks).await;
        receiver.inside().authorization = Some(format!("Bearer {TOKEN}"));
        let doc = Doc { display_label: "Profit".into(), ..Doc::default() };
        let app = t.write(t.acme, create::Create { name: SCIM.into(), doc, active: true }).await.unwrap().id;
        let egress = t.site.egress().clone();
        let provisioner = Provisioner::new(t.directory.clone(), egress, "node-1".into());
        let input = group::Input { name: Some(format!("Sales of {app}")), ..group::Input::default() };
        let sales = t.write(t.acme, group::create::Create::of_users(input)).await.unwrap();
        let mut settings = Settings { base_url: receiver.address.clone(), ..Settings::default() };
        change(&mut settings);
        let world = Self { t, app, receiver, provisioner, sales };
        world.set(settings, Some(TOKEN)).await;
        world.bind("user_group", world.sales.id, true).await;
        world
    }

    pub async fn set(&self, settings: Settings, secret: Option<&str>) {
        let set = Set { app: self.app, settings, secret: secret.map(Secret::new), http_allowed: true };
        self.t.write(self.t.acme, set).await.unwrap();
    }

    pub async fn turn(&self, to: Move) {
        self.t.write(self.t.acme, Change { app: self.app, to }).await.unwrap();
    }

    pub async fn bind(&self, kind: &'static str, subject: Id, add: bool) {
        self.t.write(self.t.acme, bind::Bind { app: self.app, kind, subject, add }).await.unwrap();
    }

    /// Somebody in Sales.
    pub async fn member(&self, name: &str) -> User {
        let profile = json!({
            "firstname": "Ana", "lastname": "Adams", "jobTitle": "Engineer", "department": "Research",
        });
        let user = self.t.person_with(self.t.acme, name, profile, State::Activated).await;
        self.join(user.id, true).await;
        user
    }

    pub async fn join(&self, user: Id, add: bool) {
        self.t.write(self.t.acme, group::members::Change::of_user(self.sales.id, user, add)).await.unwrap();
    }

    pub async fn update(&self, user: Id, fields: Value) {
        self.t.write(self.t.acme, Update::profile(user, object(fields))).await.unwrap();
    }

    pub async fn settle(&self) {
        self.provisioner.settle().await.unwrap();
    }

    pub async fn object(&self, kind: ObjectKind, id: Id) -> Option<Object> {
        store::object(&mut self.t.directory.read(), self.t.acme.id, self.app, kind, id).await.unwrap()
    }

    pub async fn state(&self, id: Id) -> ObjectState {
        self.object(ObjectKind::User, id).await.unwrap().state()
    }

    pub async fn error(&self, id: Id) -> String {
        self.object(ObjectKind::User, id).await.unwrap().error.unwrap_or_default()
    }

    pub fn at(&self, name: &str, field: &str) -> Value {
        let user = self.receiver.user(name).unwrap();
        user.0.get(field).cloned().unwrap_or_default()
    }
}
