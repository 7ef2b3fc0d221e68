//! What is printed: a line for each operation.

use crate::load::median;

/// What was measured of one operation, round by round, in operations of one core-second.
#[derive(Default)]
pub struct Measured {
    pub ours: Vec<f64>,
    pub bound: Vec<f64>,
    pub peer: Vec<f64>,
}

/// What it should be.
#[derive(Clone, Copy)]
pub enum Goal {
    /// A part of the bound: the floor and the aim.
    Ratio(f64, f64),
    /// Operations of a core-second: the floor and the aim.
    PerCoreSecond(f64, f64),
}

pub fn head() {
    println!(
        "{:<34} {:>9} {:>9} {:>6} {:>10} {:>6}   floor, aim",
        "operation (per core-second)", "Muster", "bound", "ratio", "peer", "times"
    );
}

/// Prints the medians of one operation, the ratios being medians of the rounds' own.
pub fn line(name: &str, measured: &Measured, goal: Goal) {
    let Measured { ours, bound, peer } = measured;
    let of =
        |others: &[f64]| (!others.is_empty()).then(|| median(ours.iter().zip(others).map(|(a, b)| a / b).collect()));
    let number =
        |values: &[f64]| if values.is_empty() { "-".to_owned() } else { format!("{:.0}", median(values.to_vec())) };
    let ratio = |ratio: Option<f64>| ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
    let (reached, wanted) = match goal {
        Goal::Ratio(floor, aim) => (of(bound).is_some_and(|r| r >= floor), format!("ratio {floor}, {aim}")),
        Goal::PerCoreSecond(floor, aim) => (median(ours.clone()) >= floor, format!("{floor}, {aim}")),
    };
    let ahead = of(peer).is_none_or(|times| times > 1.0);
    let verdict = match (reached, ahead) {
        (true, true) => "",
        (false, _) => "   BELOW THE FLOOR",
        (true, false) => "   BEHIND THE PEER",
    };
    println!(
        "{name:<34} {:>9} {:>9} {:>6} {:>10} {:>6}   {wanted}{verdict}",
        number(ours),
        number(bound),
        ratio(of(bound)),
        number(peer),
        ratio(of(peer))
    );
}

/// Prints one quantity that has no bound.
pub fn quantity(name: &str, value: f64, unit: &str, goal: &str) {
    println!("{name:<34} {value:>9.1} {unit:<36}   {goal}");
}
