//! x
use super::stop::Stop; use crate::problem::{Problem, rules::Rule}; use crate::goals::{Objective, Levels};
#[allow(missing_docs)] #[derive(Clone,Copy)] pub struct MipLimits { pub nodes: i64, pub seed: i32 }
#[allow(missing_docs)] pub enum Feasibility { Plan(Vec<usize>), Infeasible, Unknown }
#[allow(missing_docs)] pub fn feasible(_:&Problem,_:&[Rule],_:MipLimits,_:&Stop)->Feasibility{Feasibility::Unknown}
#[allow(missing_docs)] pub struct LevelSearch<'a>{pub objective:&'a Objective,pub at:usize,pub budgets:&'a Levels,pub start:&'a [usize]}
#[allow(missing_docs)] pub struct MipAnswer{pub plan:Option<Vec<usize>>,pub bound:i64}
#[allow(missing_docs)] pub fn improve(_:&Problem,_:&LevelSearch,_:MipLimits,_:&Stop)->Option<MipAnswer>{None}
