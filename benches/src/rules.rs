//! Rules alone: a thousand of them asked of one person, and of a million in columns. No store.

use std::hint::black_box;

use muster_base::{Id, Micros};
use muster_directory::user::{Profile, State, User};
use muster_rules::{Columns, Moment, Program, Rule, language};

use crate::load::median;
use crate::table::{Goal, Measured, line, quantity};
use crate::{ROUNDS, cpu};

/// How many rules an organization has.
pub const RULES: usize = 1_000;
/// How many people are put in columns.
const MANY: usize = 1_000_000;
/// 2026-11-22.
pub const NOW: i64 = 1_795_305_600_000_000;

/// The text of the `n`-th rule: half of them ask for one field, the others mix what there is.
pub fn text(n: usize) -> String {
    match n % 20 {
        0..10 => format!("department equals \"Dept {}\"", n % 400),
        10 | 11 => format!(
            "department in (\"Dept {}\", \"Dept {}\") and location equals \"Site {}\"",
            n % 400,
            n % 399,
            n % 50
        ),
        12 | 13 => format!("jobTitle contains \"grade {}\" and costCenter equals \"CC-{}\"", n % 40, n % 500),
        14 => format!("costCenter starts with \"CC-{}\" and not employeeType equals \"Contractor\"", 100 + n % 400),
        15 => format!("email ends with \"@site{}.example.com\" and employeeType equals \"Intern\"", n % 50),
        16 => format!("jobTitle matches pattern \"^Engineer .* {}$\" and state equals \"ACTIVATED\"", n % 40),
        17 => format!(
            "(department equals \"Dept {}\" or location equals \"Site {}\") and created within the last \"30 days\"",
            n % 400,
            n % 50
        ),
        18 => format!("attributes.badge greater than \"{}\" and location equals \"Site {}\"", 9_000 + n % 999, n % 50),
        _ => format!("costCenter equals \"CC-{}\" or manager equals \"{:024x}\"", n % 500, n),
    }
}

/// The `n`-th person's profile, as members of the API's object.
pub fn profile(n: usize) -> serde_json::Value {
    // Fields that go their own ways, so that values meet in many combinations.
    let kinds = ["Engineer", "Clerk", "Analyst", "Buyer"];
    let employed = ["Employee", "Contractor", "Intern"][n / 17 % 3];
    serde_json::json!({
        "firstname": format!("First{}", n % 977), "lastname": format!("Last{}", n % 4_999),
        "department": format!("Dept {}", n % 400), "location": format!("Site {}", n / 7 % 50),
        "costCenter": format!("CC-{}", n / 3 % 500), "company": "Example",
        "jobTitle": format!("{} of grade {}", kinds[n / 11 % 4], n / 13 % 40),
        "employeeType": employed,
        "employeeIdentifier": format!("E{n:07}"),
        "attributes": [{"name": "badge", "value": format!("{}", n % 10_000)}],
    })
}

/// The `n`-th person.
fn person(n: usize) -> User {
    let mut id = [0; 12];
    id[4..].copy_from_slice(&(n as u64).to_be_bytes());
    let members = profile(n).as_object().cloned().expect("an object");
    User {
        org: Id::from_bytes([1; 12]),
        id: Id::from_bytes(id),
        username: format!("person{n}"),
        email: email(n),
        state: State::Activated,
        profile: Profile::default().overlay(&members).expect("a profile"),
        password_hash: None,
        password_at: None,
        password_expired: false,
        created_at: Micros(NOW - 90 * 86_400_000_000),
        tokens_from: Micros(0),
    }
}

pub fn email(n: usize) -> String {
    format!("person{n}@site{}.example.com", n % 50)
}

pub fn lines(only: &str) {
    let name = "rules: 1,000 asked of one person";
    if name.contains(only) {
        one_person(name);
    }
    let name = "rules: 1,000 asked of 1,000,000";
    if name.contains(only) {
        columns(name);
    }
}

fn rules() -> Vec<Rule> {
    (0..RULES).map(|n| language::parse(&text(n)).expect("a rule")).collect()
}

/// The bound reads each value that a rule speaks of, and compares nothing.
fn one_person(name: &str) {
    let rules = rules();
    let programs: Vec<Program> = rules.iter().map(Program::new).collect();
    let names: Vec<&str> = rules.iter().flat_map(Rule::tests).map(|test| test.attribute.as_str()).collect();
    let people: Vec<User> = (0..500).map(person).collect();
    let mut measured = Measured::default();
    for _ in 0..ROUNDS {
        let before = cpu::own();
        for user in &people {
            for name in &names {
                black_box(user.attribute(name));
            }
        }
        measured.bound.push(people.len() as f64 / (cpu::own() - before));
        let before = cpu::own();
        for user in &people {
            for program in &programs {
                black_box(program.matches(user, Moment(NOW)));
            }
        }
        measured.ours.push(people.len() as f64 / (cpu::own() - before));
    }
    line(name, &measured, Goal::PerCoreSecond(5_000.0, 25_000.0));
    let micros = measured.ours.iter().map(|ops| 1e6 / ops).collect();
    quantity("rules: one change against 1,000", median(micros), "us of CPU", "200, 40");
}

fn columns(name: &str) {
    let rules = rules();
    let resident = cpu::resident_mib(std::process::id());
    let mut columns = Columns::new(rules.iter().flat_map(Rule::attributes));
    let mut filled = 0.0;
    for from in (0..MANY).step_by(10_000) {
        let people: Vec<User> = (from..from + 10_000).map(person).collect();
        let before = cpu::own();
        people.iter().for_each(|user| columns.push(user));
        filled += cpu::own() - before;
    }
    let memory = cpu::resident_mib(std::process::id()) - resident;
    let before = cpu::own();
    let members: usize = rules.iter().map(|rule| columns.matches(rule, Moment(NOW)).count()).sum();
    let asked = cpu::own() - before;
    assert!(members > MANY, "the rules match: {members}");
    quantity(name, asked, "core-seconds", "20, 4");
    quantity("rules: 1,000,000 put in columns", filled, "core-seconds", "-");
    quantity("rules: columns of 1,000,000", memory, "MiB", "-");
    // The same in rows, of a part of them.
    let programs: Vec<Program> = rules.iter().map(Program::new).collect();
    let people: Vec<User> = (0..1_000).map(person).collect();
    let before = cpu::own();
    for program in &programs {
        people.iter().for_each(|user| _ = black_box(program.matches(user, Moment(NOW))));
    }
    let rows = (cpu::own() - before) * (MANY / people.len()) as f64;
    quantity("rules: times faster than in rows", rows / (asked + filled), "", "-");
}
