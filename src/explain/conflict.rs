//! x
#[allow(missing_docs)] pub fn conflict(_:&crate::problem::Problem,_:&crate::roster::Roster,_:&crate::solver::conflict::Conflict,_:crate::words::Lang)->Vec<crate::plan::document::ConflictRecord>{vec![]}
