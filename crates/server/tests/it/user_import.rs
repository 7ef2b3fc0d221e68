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

#[test]
fn what_was_left_out_of_a_line_is_told_and_the_program_fails() {
    let at = Installation::new();
    let file = at.folder.path().join("people.csv");
    std::fs::write(&file, "email,manager\nana@acme.example,nobody\nbo@acme.example,ana\n").unwrap();
    let import = |more: &[&str]| at.run(&[["user", "import", file.to_str().unwrap()].as_slice(), more].concat());
    let out = import(&["--dry-run"]);
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(!out.status.success() && text.contains("manager left out: no person has"), "{text}");
    let out = import(&[]);
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(!out.status.success() && text.contains("2 created") && text.contains("0 refused; 1 incomplete"), "{text}");
    // Nothing changes any more, and it is told still.
    let text = String::from_utf8_lossy(&import(&[]).stdout).into_owned();
    assert!(text.contains("1  unchanged    ana@acme.example  manager left out:"), "{text}");
    let out = import(&["--json"]);
    let told: Value = serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{}", errors(&out)));
    assert_eq!((&told["counts"]["unchanged"], &told["counts"]["incomplete"]), (&2.into(), &1.into()));
    assert_eq!(told["results"][0]["fields"][0]["field"], "manager");
    std::fs::write(&file, "email,manager\nana@acme.example,\nbo@acme.example,ana\n").unwrap();
    assert!(import(&[]).status.success());
}
