//! Classes of many shapes on one thread: the share proved, and when.

use crate::classes::{Ask, Shape, goal, solve};
use crate::machine::thread_seconds;
use fenzu::model::GoalName;
use fenzu::model::request::PreviousMode;
use fenzu::sample::{Marks, TierColumn};
use fenzu::solver::Prove;
use std::time::Instant;

/// Classes of one shape with what is to be shown of them.
struct Row {
    shape: Shape,
    prove: Prove,
    /// The level that is to be proved, with all above it.
    through: GoalName,
    /// Seconds of a class.
    limit: f64,
    /// Least share proved, per cent, and most seconds of the median proof.
    target: (f64, Option<f64>),
}

/// What was seen of one class.
struct Seen {
    proved_seconds: Option<f64>,
    wall: f64,
    /// Seconds that the thread ran; the same on an idle machine.
    processor: Option<f64>,
    /// Value less bound, as a share of the value.
    gap: f64,
}

/// Measures the row of that name, else the rows whose name holds the filter; prints a table.
pub fn run(filter: &str, classes: u64) {
    // One thread is also the outer limit of what the solver starts.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap_or_else(|error| panic!("{error}"));
    println!("{classes} classes a row, one thread; seconds\n");
    println!(
        "| classes | proved | median, worst proof | median run, of it on the processor | gap of the rest | target | |"
    );
    println!("|---|---|---|---|---|---|---|");
    let mut missed = 0;
    let rows = rows();
    let one = rows.iter().any(|row| row.name() == filter);
    for row in rows.iter().filter(|row| if one { row.name() == filter } else { row.name().contains(filter) }) {
        let start = Instant::now();
        let seen: Vec<Seen> = (1..=classes).map(|seed| pool.install(|| row.measure(seed))).collect();
        let (line, met) = row.line(&seen);
        println!("{line}");
        eprintln!("{}: {:.0} s", row.name(), start.elapsed().as_secs_f64());
        missed += usize::from(!met);
    }
    println!("\n{missed} rows miss their target");
}

impl Row {
    /// Through means, as the model asks.
    fn new(shape: Shape, limit: f64, share: f64, median: Option<f64>) -> Self {
        Self { shape, prove: Prove::Model, through: GoalName::Means, limit, target: (share, median) }
    }

    /// Every level.
    fn all(self) -> Self {
        Self { prove: Prove::All, through: GoalName::Spread, ..self }
    }

    fn name(&self) -> String {
        let Shape { students, groups, subjects, marks, tiers, ask } = self.shape;
        let mut name = format!("{students} into {groups}, {subjects} subjects");
        let more = [
            (marks == Marks::HalfPoints, ", half points"),
            (tiers == TierColumn::Absent, ", no tiers"),
            (ask == Ask::Rules, ", 10 apart, 3 together, 3 pins"),
            (ask == Ask::Previous(PreviousMode::Mix), ", mix"),
            (ask == Ask::Previous(PreviousMode::Keep), ", keep"),
            (self.prove == Prove::All, ", all levels"),
        ];
        more.iter().filter(|(holds, _)| *holds).for_each(|(_, words)| name.push_str(words));
        name
    }

    fn measure(&self, seed: u64) -> Seen {
        let class = self.shape.prepared(seed);
        let (start, before) = (Instant::now(), thread_seconds());
        let planned = solve(&class, self.prove, self.limit);
        let wall = start.elapsed().as_secs_f64();
        let processor = thread_seconds().zip(before).map(|(after, before)| after - before);
        let goal = goal(&planned, self.through);
        let gap = if goal.value > 0.0 { (goal.value - goal.bound) / goal.value } else { 0.0 };
        Seen { proved_seconds: goal.proved_seconds.filter(|_| goal.proved), wall, processor, gap }
    }

    /// A line of the table, and whether the target is met.
    fn line(&self, seen: &[Seen]) -> (String, bool) {
        let proofs = sorted(seen.iter().filter_map(|seen| seen.proved_seconds));
        let walls = sorted(seen.iter().map(|seen| seen.wall));
        let processor = sorted(seen.iter().filter_map(|seen| seen.processor));
        let gaps = sorted(seen.iter().filter(|seen| seen.proved_seconds.is_none()).map(|seen| seen.gap));
        let share = 100.0 * proofs.len() as f64 / seen.len().max(1) as f64;
        let (least, most) = self.target;
        // Where fewer are proved than asked, the median of those that are would flatter.
        let met = share >= least && most.is_none_or(|most| median(&proofs).is_some_and(|seconds| seconds <= most));
        let target = match most {
            Some(most) => format!("≥ {least} %, {most}"),
            None if least > 0.0 => format!("≥ {least} % within {}", self.limit),
            None => "tell".to_owned(),
        };
        let gap = median(&gaps).map_or_else(|| "–".to_owned(), |gap| format!("{:.0} %", 100.0 * gap));
        let line = format!(
            "| {} | {share:.0} % | {}, {} | {}, {} | {gap} | {target} | {} |",
            self.name(),
            shown(median(&proofs)),
            shown(proofs.last().copied()),
            shown(median(&walls)),
            shown(median(&processor)),
            if met { "" } else { "missed" },
        );
        (line, met)
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn median(sorted: &[f64]) -> Option<f64> {
    sorted.get(sorted.len() / 2).copied()
}

fn shown(seconds: Option<f64>) -> String {
    seconds.map_or_else(|| "–".to_owned(), |seconds| format!("{seconds:.3}"))
}

fn rows() -> Vec<Row> {
    let fifty = |subjects| Shape { subjects, ..Shape::usual(50, 5) };
    let mut rows = vec![
        Row::new(fifty(2), 10.0, 95.0, Some(0.05)),
        Row::new(fifty(3), 10.0, 95.0, Some(0.05)),
        Row::new(Shape { marks: Marks::HalfPoints, ..fifty(3) }, 10.0, 95.0, Some(0.1)),
        Row::new(fifty(4), 10.0, 95.0, Some(0.2)),
        Row::new(fifty(5), 30.0, 95.0, Some(1.0)),
        Row::new(fifty(6), 60.0, 95.0, Some(10.0)),
        Row::new(fifty(7), 60.0, 80.0, None),
        Row::new(fifty(8), 60.0, 0.0, None),
        Row::new(fifty(9), 60.0, 0.0, None),
    ];
    let others = [(24, 4), (30, 3), (36, 6), (40, 4), (45, 5), (48, 6), (50, 4), (55, 5), (60, 6)];
    rows.extend(others.map(|(students, groups)| Row::new(Shape::usual(students, groups), 10.0, 95.0, Some(0.5))));
    let no_tiers = |subjects| Shape { tiers: TierColumn::Absent, ..fifty(subjects) };
    let asked = |ask| Shape { ask, ..fifty(3) };
    let (mix, keep) = (asked(Ask::Previous(PreviousMode::Mix)), asked(Ask::Previous(PreviousMode::Keep)));
    rows.extend([
        Row::new(no_tiers(3), 5.0, 90.0, None),
        Row::new(no_tiers(4), 5.0, 90.0, None),
        Row::new(Shape { subjects: 4, ..Shape::usual(48, 8) }, 20.0, 80.0, None),
        Row::new(Shape::usual(60, 10), 20.0, 80.0, None),
        Row::new(fifty(3), 2.0, 95.0, None).all(),
        Row { through: GoalName::Partners, ..Row::new(mix, 30.0, 80.0, None) },
        Row::new(mix, 30.0, 80.0, None).all(),
        Row::new(keep, 30.0, 80.0, None),
        Row::new(keep, 30.0, 80.0, None).all(),
        Row::new(asked(Ask::Rules), 10.0, 90.0, None),
    ]);
    rows.extend(small_groups());
    rows
}

/// Pairs to fives: the seconds are those within which the median class is to be proved.
fn small_groups() -> impl Iterator<Item = Row> {
    let no_tiers = [
        (60, 20, 3, 0.5),
        (60, 20, 4, 0.5),
        (90, 30, 3, 3.0),
        (90, 30, 4, 3.0),
        (48, 16, 3, 0.1),
        (48, 16, 4, 0.1),
        (48, 12, 4, 1.0),
        (60, 15, 3, 4.0),
        (60, 15, 4, 4.0),
        (47, 15, 3, 0.2),
        (58, 16, 3, 2.0),
        (50, 12, 3, 5.0),
        (60, 12, 3, 10.0),
        (60, 12, 4, 60.0),
        (48, 24, 3, 0.05),
        (60, 30, 4, 0.05),
    ];
    let no_tiers = no_tiers.into_iter().map(|(students, groups, subjects, seconds)| {
        let shape = Shape { subjects, tiers: TierColumn::Absent, ..Shape::usual(students, groups) };
        (shape, 30.0_f64.max(2.0 * seconds), seconds)
    });
    let tiers = [(60, 15, 2.0), (45, 15, 0.1), (60, 12, 30.0)];
    let tiers = tiers.into_iter().map(|(students, groups, seconds)| (Shape::usual(students, groups), 60.0, seconds));
    let proved = no_tiers.chain(tiers).map(|(shape, limit, seconds)| Row::new(shape, limit, 95.0, Some(seconds)));
    let large = [(80, 20), (120, 30)].map(|(students, groups)| {
        let shape = Shape { tiers: TierColumn::Absent, ..Shape::usual(students, groups) };
        Row::new(shape, 60.0, 0.0, None)
    });
    proved.chain(large)
}
