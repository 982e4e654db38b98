//! stub until merged
use super::request::Previous;
use crate::roster::Roster;
/// stub
pub fn old_numbers(_p: &Previous, roster: &Roster) -> Vec<Option<usize>> { vec![None; roster.students.len()] }
