//! fenzu (分组) divides students into groups that are homogeneous between groups and heterogeneous within groups
//! (组间同质、组内异质), and proves how good the division is.
//!
//! ```text
//! list file ──roster──▶ Roster ─┐
//! model file ─model──▶ Model ───┼─problem─▶ Problem ─solver─▶ Outcome ─report─▶ Document ─check─▶ table, files, JSON
//! rules file ─model──▶ Rules ───┤
//! staff file ─roster─▶ Staff ───┘
//! ```
//! | room | what |
//! |---|---|
//! | [`mod@words`], [`fault`] | text in two languages; what is told about input |
//! | [`roster`] | a list's bytes → students, columns, notices; a staff list's → teachers |
//! | [`base`] | files written whole, names of files, the order of names |
//! | [`plan`] | who is in which group; the JSON document; last semester, and who of then is who today |
//! | [`model`] | what a good grouping is: tiers, goals in levels, rules; applied to one list it is a policy |
//! | [`check`] | the independent judge; shares no code with the solver |
//! | [`problem`] | one class as whole numbers and indices |
//! | [`goals`] | exact values, changes under moves, closed-form bounds |
//! | [`solver`] | local search, the ideal-group cover, the assignment MIP, staffing |
//! | [`explain`] | balance, conflicts, in words; other places of a student; two plans side by side |
//! | [`report`] | tables, JSON, CSV, XLSX, HTML; teacher's and public view |
//! | [`pipeline`] | one request the whole way: asked, ready, solved, documents; staffing; edits by hand |
//! | [`school`] | many classes in one run: staffed, written, resumed |
//! | [`sample`] | invented classes, schools, MDGP instances |
//! | [`store`] | what the service keeps, in SQLite or PostgreSQL |
//! | [`jobs`] | plans and batches that outlive a request: queue, workers, reconciler |
//! | [`service`] | HTTP: access, limits, one file a resource, OpenAPI |
//! | [`cli`] | the command line |
//!
//! Imports run one way, from the bottom of this table to its top, and inside a room between its files (`tests/it/layout.rs` holds
//! them to it). The mathematics is in `models/formulation.md`.
//!
//! ```
//! use fenzu::model::{Request, Sizing, builtin};
//! use fenzu::pipeline::{Division, prepare};
//! use fenzu::roster::{Reading, read};
//! use fenzu::solver::{Effort, Prove, Stop};
//! use fenzu::words::Lang;
//!
//! let list = "id,name,math\n1,Ada,90\n2,Ben,70\n3,Cleo,80\n4,Dan,60\n";
//! let roster = read(list.as_bytes(), &Reading { file: "class.csv", ..Reading::default() })?;
//! let mut request = Request::new(builtin::builtin()[0].clone());
//! request.sizing = Some(Sizing::Count(2));
//! let classes = prepare(&roster, &request, Division::ByClass)?;
//! let effort = Effort { seed: 1, work: Some(10_000), prove: Prove::Model };
//! let planned = classes[0].solve(effort, &Stop::after(None), &|_| (), Lang::En);
//! assert_eq!(planned.document.groups.len(), 2);
//! assert!(planned.findings.is_empty()); // what the judge has to say
//! # Ok::<(), fenzu::fault::Faults>(())
//! ```
#![forbid(unsafe_code)]
#![warn(missing_docs, clippy::pedantic)]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers of students and whole marks are checked to be far below 2^53 when a problem is compiled"
)]
#![expect(
    clippy::doc_markdown,
    reason = "documentation quotes formulas such as n_g·T_t as they stand in formulation.md"
)]

pub mod cli;
pub mod jobs;
pub mod service;
pub mod store;

pub use fenzu_engine::{base, check, explain, goals, model, pipeline, plan, problem, report, sample, school, solver};
pub use fenzu_reader::{fault, roster, words};
