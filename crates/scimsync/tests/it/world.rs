//! What the tests start from: an application in Acme that accounts are sent to, bound to a group.

use std::time::{Duration, Instant};

use muster_base::{Id, Secret};
use muster_directory::Result;
use muster_directory::application::{Doc, SCIM, bind, create};
use muster_directory::group::{self, Group};
use muster_directory::provision::import::Person;
use muster_directory::provision::reading::{Found, State};
use muster_directory::provision::report::{Drift, Plan};
use muster_directory::provision::settings::Set;
use muster_directory::provision::state::{Change, Move};
use muster_directory::provision::survey::{Survey, Wanted};
use muster_directory::provision::{Object, ObjectKind, ObjectState, Settings, store};
use muster_directory::user::update::Update;
use muster_directory::user::{State as Life, User};
use muster_http::provisioning::{Draft, Order, Provisioning};
use muster_scimsync::{Provisioner, With};
use muster_testkit::{Setup, Test, object};
use serde_json::{Value, json};

use crate::fake::Quirks;
use crate::receiver::Receiver;

pub const TOKEN: &str = "key-and-scim-key-of-profit";

pub fn setup() -> Setup {
    Setup { public_url: "http://localhost:9", egress_allow: &["127.0.0.0/8"], ..Setup::default() }
}

/// A slow machine's readings are waited for as well.
pub const PATIENT: With = With {
    repaired_at_once: 10_000,
    patience: Duration::from_secs(3600),
    targets_at_once: 64,
    turn: Duration::from_secs(30),
};

/// Readings that are waited for to their end.
pub trait Reads {
    async fn found(&self, org: Id, app: Id, order: Order) -> Result<Found>;
    async fn preview(&self, org: Id, app: Id, draft: Option<Draft>) -> Result<Plan>;
    async fn drift(&self, org: Id, app: Id) -> Result<Drift>;
    async fn repair(&self, org: Id, app: Id) -> Result<usize>;
    async fn users(&self, org: Id, app: Id, list: Option<Id>, wanted: Wanted) -> Result<Users>;
}

/// A page of a list of users.
pub struct Users {
    pub list: Id,
    pub total: i64,
    pub people: Vec<Person>,
}

impl Reads for Provisioner {
    async fn found(&self, org: Id, app: Id, order: Order) -> Result<Found> {
        match self.read(org, app, order).await?.state {
            State::Finished(found) => Ok(found),
            other => panic!("{other:?}"),
        }
    }

    async fn preview(&self, org: Id, app: Id, draft: Option<Draft>) -> Result<Plan> {
        let Found::Plan(plan) = self.found(org, app, Order::Preview(draft.map(Box::new))).await? else {
            panic!("no plan")
        };
        Ok(plan)
    }

    async fn drift(&self, org: Id, app: Id) -> Result<Drift> {
        let Found::Drift(drift) = self.found(org, app, Order::Drift).await? else { panic!("no report") };
        Ok(drift)
    }

    async fn repair(&self, org: Id, app: Id) -> Result<usize> {
        let Found::Repaired(count) = self.found(org, app, Order::Repair).await? else { panic!("no repair") };
        Ok(count)
    }

    async fn users(&self, org: Id, app: Id, list: Option<Id>, wanted: Wanted) -> Result<Users> {
        let mut source = self.directory().read();
        let kept = match list {
            Some(list) => Survey::find(&mut source, org, app, list).await?,
            None => None,
        };
        let list = match kept {
            Some(list) => list,
            None => Survey { org, app, id: self.read(org, app, Order::Users).await?.id },
        };
        let (total, people) = list.people(&mut source, &wanted).await?;
        Ok(Users { list: list.id, total, people })
    }
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
        let provisioner = Provisioner::with(t.directory.clone(), egress, "node-1".into(), PATIENT);
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
        let user = self.t.person_with(self.t.acme, name, profile, Life::Activated).await;
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

/// Until it is so; the test fails where it never is.
pub async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < Duration::from_secs(120), "waited in vain");
        tokio::task::yield_now().await;
    }
}
