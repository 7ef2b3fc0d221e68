use muster_directory::application::{access, store, update::Update};
use muster_directory::user::State;

both! {
    /// State matrix {application, person, binding}: only the all-right cell lets in, and the trace names what fails.
    async fn needs_all_three(t) {
        let app = t.app(t.acme, "Wiki").await.id;
        let ana = t.user(t.acme, "ana").await.id;
        let all = t.all_users(t.acme).await;
        for active in [true, false] {
            for state in [State::Activated, State::Suspended, State::Staged] {
                for bound in [true, false] {
                    let set = Update {
                        id: app,
                        display_label: "Wiki".into(),
                        display_name: String::new(),
                        description: String::new(),
                        hidden: false,
                        active,
                    };
                    t.write(t.acme, set).await.unwrap();
                    t.set_state(t.acme, ana, state).await;
                    let is = !store::bindings(&mut t.d.read(), t.acme.id, app).await.unwrap().is_empty();
                    if is != bound {
                        let bind = muster_directory::application::bind::Bind { app, kind: "user_group", subject: all, add: bound };
                        t.write(t.acme, bind).await.unwrap();
                    }
                    let application = store::get(&mut t.d.read(), t.acme.id, app).await.unwrap();
                    let user = t.stored(t.acme, ana).await;
                    let access = access::load(&mut t.d.read(), &application, &user).await.unwrap();
                    let should = [active, state == State::Activated, bound];
                    assert_eq!(access.trace.iter().map(|s| s.passed).collect::<Vec<_>>(), should);
                    assert_eq!(access.allowed, should.iter().all(|s| *s));
                    assert_eq!(access.trace[2].saw.contains("All Users"), bound);
                }
            }
        }
    }
}
