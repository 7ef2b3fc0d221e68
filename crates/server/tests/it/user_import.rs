//! `muster user import`: a CSV file of people.

use serde_json::Value;

use super::{Installation, errors};

#[test]
fn a_file_is_planned_and_then_taken_in() {
    let at = Installation::new();
    let file = at.folder.path().join("people.csv");
    std::fs::write(&file, "Mail,Abteilung,Note\nana@acme.example,Sales,x\nno address,Sales,\n").unwrap();
    let import = |more: &[&str]| {
        let args = ["user", "import", file.to_str().unwrap(), "--map", "Abteilung=department"];
        at.run(&[args.as_slice(), more].concat())
    };
    let out = import(&[]);
    assert!(errors(&out).contains("\"Note\" is no attribute of a person"), "{}", errors(&out));
    let twice = at.folder.path().join("twice.csv");
    std::fs::write(&twice, "Mail,Mail\na@acme.example,b@acme.example\n").unwrap();
    let out = at.run(&["user", "import", twice.to_str().unwrap()]);
    assert!(errors(&out).contains("\"Mail\" is there twice"), "{}", errors(&out));
    let count = |out: &std::process::Output, word: &str| {
        let told: Value = serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{}", errors(out)));
        told["counts"][word].clone()
    };
    // A line that is wrong is told, and the program fails, so that nobody overlooks it.
    let out = import(&["--map", "Note=", "--dry-run", "--json"]);
    assert_eq!((out.status.success(), count(&out, "created"), count(&out, "refused")), (false, 1.into(), 1.into()));
    let out = import(&["--map", "Note="]);
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(text.contains("1 created") && text.contains("refused      no address  email:"), "{text}");
    let out = import(&["--map", "Note=", "--json"]);
    assert_eq!((count(&out, "created"), count(&out, "unchanged")), (0.into(), 1.into()), "it was kept now");
}
